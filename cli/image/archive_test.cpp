// SPDX-License-Identifier: MIT
#include "archive.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

namespace wasmup::image {
namespace {

constexpr uint64_t plenty = 1 << 20;
const auto all = [](std::string_view) { return true; };

TEST(Archive, gives_back_its_files) {
  const std::string archive = tar({{"a/b", "one"}, {"c", std::string(100'000, 'x')}});
  const std::vector<File> files = untar(archive, plenty, all).value();
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].name, "a/b");
  EXPECT_EQ(files[0].bytes, "one");
  EXPECT_EQ(files[1].bytes.size(), 100'000U);
}

TEST(Archive, gives_back_what_is_wanted_alone) {
  const std::string archive = tar({{"a", "one"}, {"b", "two"}});
  const auto files = untar(archive, plenty, [](std::string_view name) { return name == "b"; }).value();
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].bytes, "two");
}

TEST(Archive, does_not_unpack_more_than_it_may) {
  EXPECT_TRUE(untar(tar({{"a", std::string(10, 'x')}}), 10, all).has_value());
  EXPECT_EQ(untar(tar({{"a", std::string(11, 'x')}}), 10, all).error().code, ExitCode::usage);
}

TEST(Archive, refuses_what_is_none_or_cut_off) {
  EXPECT_FALSE(untar("no archive", plenty, all).has_value());
  const std::string whole = gzip_stored(tar({{"a", std::string(10'000, 'x')}}));
  EXPECT_TRUE(untar(whole, plenty, all).has_value());
  EXPECT_FALSE(untar(whole.substr(0, 5'000), plenty, all).has_value());
}

class Stored : public testing::TestWithParam<size_t> {};

TEST_P(Stored, gzip_is_read_by_zlib_and_by_nothing_changed) {
  const std::string bytes(GetParam(), 'x');
  const std::string packed = gzip_stored(bytes);
  std::string unpacked(bytes.size() + 1, '\0');
  z_stream stream{};
  ASSERT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);  // gzip, with its checksum
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(unpacked.data());
  stream.avail_out = static_cast<uInt>(unpacked.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(stream.total_out, bytes.size());
  EXPECT_EQ(stream.avail_in, 0U);
  inflateEnd(&stream);
  EXPECT_EQ(unpacked.substr(0, bytes.size()), bytes);
}
INSTANTIATE_TEST_SUITE_P(Sizes, Stored, testing::Values(0, 1, 65535, 65536, 200'000));

}  // namespace
}  // namespace wasmup::image
