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

std::string gzip(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string times(size_t count, const std::string& what) {
  std::string all_of_them;
  for (size_t i = 0; i < count; ++i) all_of_them += what;
  return all_of_them;
}

/// With its checksum, which is the sum of the header's bytes.
std::string summed(std::string header) {
  header.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  for (size_t i = 0; i < 6; ++i) header[148 + i] = static_cast<char>('0' + ((sum >> (3 * (5 - i))) & 7U));
  header[154] = '\0';
  return header;
}

const auto none = [](std::string_view) { return false; };
constexpr size_t block = 512;

TEST(Archive, is_read_from_gzip_in_one_or_several_pieces) {
  const std::string text = times(1000, "some text, ") + std::string(3'000'000, 'x');
  const std::string archive = tar({{"a", text}, {"b", "two"}});
  for (const std::string& packed :
       {gzip(archive), gzip(archive) + "padding", gzip(archive) + std::string(99, '\0'),
        gzip(archive.substr(0, 70'000)) + gzip(archive.substr(70'000))}) {
    const auto files = untar(packed, 4 * plenty, all);
    ASSERT_TRUE(files) << files.error().seen;
    ASSERT_EQ(files->size(), 2U);
    EXPECT_EQ(files->front().bytes, text);
    EXPECT_EQ(files->back().bytes, "two");
  }
}

TEST(Archive, damaged_gzip_is_refused_wherever_it_is) {
  const std::string packed = gzip(tar({{"a", times(20'000, "some text, ")}}));
  for (size_t at = 0; at < packed.size(); at += packed.size() / 50) {
    static_cast<void>(untar(packed.substr(0, at), plenty, all));
    std::string changed = packed;
    changed[at] = static_cast<char>(~changed[at]);
    static_cast<void>(untar(changed, plenty, all));
  }
  EXPECT_FALSE(untar(packed.substr(0, packed.size() / 2), plenty, all));
  EXPECT_FALSE(untar(gzip(gzip(tar({{"a", "one"}}))), plenty, all)) << "gzip in gzip";
}

TEST(Archive, has_no_more_entries_than_anybody_packs) {
  const std::string entry = tar({{"a", ""}}).substr(0, block);
  const std::string end(2 * block, '\0');
  EXPECT_TRUE(untar(gzip(times(50'000, entry) + end), plenty, none));
  for (const std::string& archive : {times(50'001, entry) + end, gzip(times(50'001, entry) + end)}) {
    const auto files = untar(archive, plenty, none);
    ASSERT_FALSE(files);
    EXPECT_EQ(files.error().code, ExitCode::usage);
    EXPECT_EQ(files.error().seen, "it has more than 50000 entries");
  }
}

TEST(Archive, what_is_not_wanted_has_bounds_too) {
  // A file of 8 GB less one byte, in gzip files of 16 MiB each.
  std::string header = tar({{"a", ""}}).substr(0, block);
  header.replace(124, 11, "77777777777");
  header = summed(header);
  const auto files = untar(gzip(header) + times(40, gzip(std::string(size_t{16} << 20, '\0'))), plenty, none);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().seen, "it is larger than can be right");
}

TEST(Archive, has_no_longer_names_than_files_have) {
  // GNU's way to give a name of any length: an entry whose content is the next one's name.
  std::string name_header = tar({{"a", std::string(8 * block, 'n')}}).substr(0, block);
  name_header[156] = 'L';
  name_header = summed(name_header);
  const std::string entry = tar({{"a", ""}}).substr(0, block);
  const std::string end(2 * block, '\0');
  EXPECT_TRUE(untar(name_header + std::string(8 * block, 'n') + entry + end, plenty, none));
  std::string longer = name_header;
  longer.replace(124, 11, "00000020000");  // 8 KiB
  longer = summed(longer);
  EXPECT_FALSE(untar(longer + std::string(16 * block, 'n') + entry + end, plenty, none));
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
