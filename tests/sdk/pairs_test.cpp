// SPDX-License-Identifier: MIT
#include "pairs.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

#include <wasmup/pairs.hpp>

using namespace wasmup;
using wasmup::testing::Headers;

namespace {

Result<PairList> parsed(const std::string& bytes) {
  Bytes copy = Bytes::allocate(bytes.size());
  if (!bytes.empty()) std::memcpy(copy.data(), bytes.data(), bytes.size());
  return PairList::parse(std::move(copy));
}

std::string encoded(const std::vector<PairView>& pairs) {
  const Result<Bytes> bytes = detail::encode_pairs(pairs, [](const PairView& pair) { return pair; });
  return std::string(bytes->view());
}

}  // namespace

TEST(Pairs, have_the_wire_form_of_the_specification) {
  const std::string expected("\x02\0\0\0\x02\0\0\0\x01\0\0\0\x01\0\0\0\0\0\0\0ab\0c\0d\0\0", 28);
  EXPECT_EQ(encoded({{"ab", "c"}, {"d", ""}}), expected);
}

TEST(Pairs, survive_the_way_to_the_host_and_back) {
  const Headers headers{{"a", "1"}, {"b", ""}, {"a", std::string("\0x", 2)}};
  const Result<PairList> list = parsed(wasmup::testing::encode_pairs(headers));
  ASSERT_TRUE(list);
  std::vector<PairView> views(list->size());
  size_t i = 0;
  for (const PairView pair : *list) views[i++] = pair;
  EXPECT_EQ(i, 3U);
  EXPECT_EQ(wasmup::testing::decode_pairs(encoded(views)), headers);
}

TEST(Pairs, of_no_bytes_are_none) {
  const Result<PairList> list = parsed("");
  ASSERT_TRUE(list);
  EXPECT_TRUE(list->empty());
  EXPECT_TRUE(list->begin() == list->end());
}

TEST(Pairs, that_do_not_add_up_are_refused_on_both_sides) {
  const std::string good = encoded({{"name", "value"}, {"n", ""}});
  for (size_t size = 1; size != good.size(); ++size) {
    EXPECT_EQ(parsed(good.substr(0, size)).status(), Status::parse_failure) << size;
    EXPECT_TRUE(wasmup::testing::decode_pairs(good.substr(0, size)).empty()) << size;
  }
  EXPECT_EQ(parsed(good + '\0').status(), Status::parse_failure);
  EXPECT_TRUE(wasmup::testing::decode_pairs(good + '\0').empty());
  EXPECT_EQ(parsed(std::string(64, '\xff')).status(), Status::parse_failure);
}

TEST(Pairs, of_any_bytes_are_read_within_their_bounds) {
  std::mt19937 random(7);
  const std::string good = encoded({{"name", "value"}, {"other", "x"}});
  for (int round = 0; round != 20'000; ++round) {
    std::string bytes = good;
    for (int flip = 0; flip != 3; ++flip) bytes[random() % bytes.size()] = static_cast<char>(random());
    const Result<PairList> list = parsed(bytes);
    size_t total = 0;
    for (const PairView pair : *list) total += pair.name.size() + pair.value.size();
    EXPECT_LE(total, bytes.size());
    wasmup::testing::decode_pairs(bytes);
  }
}

TEST(Pairs, beyond_the_hosts_limits_are_refused_before_the_call) {
  const auto status = [](const std::vector<PairView>& pairs) {
    return detail::encode_pairs(pairs, [](const PairView& pair) { return pair; }).status();
  };
  EXPECT_EQ(status(std::vector<PairView>(wasmup::abi::max_pairs, {"a", "b"})), Status::ok);
  EXPECT_EQ(status(std::vector<PairView>(wasmup::abi::max_pairs + 1, {"a", "b"})), Status::bad_argument);
  const std::string large(wasmup::abi::max_pairs_bytes - 15, 'v');
  EXPECT_EQ(status({{"a", large}}), Status::ok);
  EXPECT_EQ(status({{"ab", large}}), Status::bad_argument);
}
