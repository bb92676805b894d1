// SPDX-License-Identifier: MIT
#include <cstring>
#include <gtest/gtest.h>
#include <type_traits>
#include <utility>

#include <wasmup/bytes.hpp>

using wasmup::Bytes;
using wasmup::Result;
using wasmup::Status;

namespace {

Bytes bytes_of(std::string_view text) {
  Bytes bytes = Bytes::allocate(text.size());
  std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

static_assert(!std::is_copy_constructible_v<Bytes>);
static_assert(std::is_nothrow_move_constructible_v<Bytes>);
static_assert(!std::is_convertible_v<Bytes&&, std::string_view>, "a view of a temporary would dangle");
static_assert(std::is_convertible_v<const Bytes&, std::string_view>);

}  // namespace

TEST(Bytes, move_and_leave_nothing_behind) {
  Bytes first = bytes_of("text");
  Bytes second = std::move(first);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): this is what is tested
  EXPECT_EQ(second, "text");
  first = std::move(second);
  EXPECT_EQ(first, "text");
}

TEST(Bytes, of_a_failed_hostcall_are_empty) {
  const Result<Bytes> missing = Status::not_found;
  EXPECT_FALSE(missing);
  EXPECT_EQ(missing.status(), Status::not_found);
  EXPECT_TRUE(missing->empty());
}

TEST(Bytes, present_and_empty_is_no_failure) {
  const Result<Bytes> result = wasmup::detail::receive([](char**, size_t*) { return Status::ok; });
  EXPECT_TRUE(result);
  EXPECT_TRUE(result->empty());
}
