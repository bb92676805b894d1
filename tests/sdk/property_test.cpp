// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <vector>

#include <wasmup/detail/protobuf.hpp>
#include <wasmup/property.hpp>
#include <wasmup/testing/attribute_value.hpp>

#include "protobuf.hpp"

using namespace std::chrono_literals;
using wasmup::Bytes;
using wasmup::PairList;
using wasmup::Result;
using wasmup::Status;
using wasmup::StringList;
using wasmup::Timestamp;
using wasmup::testing::AttributeValue;

namespace {

Bytes bytes(std::string_view text) {
  Bytes result = Bytes::allocate(text.size());
  if (!text.empty()) std::memcpy(result.data(), text.data(), text.size());
  return result;
}

template <class T>
Result<T> decoded(std::string_view wire) {
  return wasmup::detail::decode_property<T>(bytes(wire));
}

/// What the host's side makes of a value, and ours of that.
template <class T, class Value>
T back(Value value) {
  const Result<T> result = decoded<T>(AttributeValue(value).bytes());
  EXPECT_TRUE(result);
  return *result;
}

TEST(Property, is_decoded_by_its_type) {
  EXPECT_EQ(decoded<Bytes>("text")->view(), "text");
  EXPECT_TRUE(back<bool>(true));
  EXPECT_FALSE(back<bool>(false));
  EXPECT_EQ(back<int64_t>(-2), -2);
  EXPECT_EQ(back<int64_t>(std::numeric_limits<int64_t>::min()), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(back<uint64_t>(std::numeric_limits<uint64_t>::max()), std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(back<double>(-0.25), -0.25);
  EXPECT_EQ(back<std::chrono::nanoseconds>(3ms), 3ms);
  EXPECT_EQ(back<Timestamp>(std::chrono::sys_days{std::chrono::January / 2 / 1970}).time_since_epoch(), 24h);
  EXPECT_EQ(decoded<int64_t>(std::string_view("\x01\x02\0\0\0\0\0\0", 8)).value(), 0x201) << "little-endian";
}

TEST(Property, of_another_size_than_its_types_is_refused) {
  for (const size_t size : {0U, 1U, 4U, 7U, 9U}) {
    const std::string wire(size, '\1');
    EXPECT_EQ(decoded<bool>(wire).status(), size == 1 ? Status::ok : Status::parse_failure) << size;
    EXPECT_EQ(decoded<int64_t>(wire).status(), Status::parse_failure) << size;
    EXPECT_EQ(decoded<uint64_t>(wire).status(), Status::parse_failure) << size;
    EXPECT_EQ(decoded<double>(wire).status(), Status::parse_failure) << size;
    EXPECT_EQ(decoded<std::chrono::nanoseconds>(wire).status(), Status::parse_failure) << size;
    EXPECT_EQ(decoded<Timestamp>(wire).status(), Status::parse_failure) << size;
  }
}

TEST(Property, is_a_map_or_a_list_of_texts) {
  const Result<PairList> map = decoded<PairList>(AttributeValue::map({{"A", "1"}, {"b", ""}}).bytes());
  ASSERT_TRUE(map);
  ASSERT_EQ(map->size(), 2U);
  EXPECT_EQ((*map->begin()).name, "A");
  EXPECT_EQ((*map->begin()).value, "1");

  const Result<StringList> list = decoded<StringList>(AttributeValue::list({"One", "", "Two"}).bytes());
  ASSERT_TRUE(list);
  EXPECT_EQ(list->size(), 3U);
  std::vector<std::string_view> items;
  for (const std::string_view item : *list) items.push_back(item);
  EXPECT_EQ(items, (std::vector<std::string_view>{"One", "", "Two"}));

  EXPECT_TRUE(decoded<PairList>(AttributeValue::map({}).bytes())->empty());
  EXPECT_TRUE(decoded<StringList>(AttributeValue::list({}).bytes())->empty());
  EXPECT_EQ(decoded<StringList>(AttributeValue::map({{"a", "1"}}).bytes()).status(), Status::parse_failure);
  EXPECT_EQ(decoded<StringList>("no list").status(), Status::parse_failure);
}

TEST(Protobuf, is_written_as_a_reader_expects) {
  for (const size_t size : {0U, 1U, 127U, 128U, 16383U, 16384U}) {
    const std::string text(size, 'x');
    wasmup::detail::ProtobufWriter writer(3, size + 1);
    writer.put(1, text).put(2, uint8_t{127}).put(15, "y");
    const auto message = wasmup::testing::decode_protobuf(writer.message());
    ASSERT_TRUE(message) << size;
    EXPECT_EQ(message->text(1), text);
    EXPECT_EQ(message->number(2), 127U);
    EXPECT_EQ(message->text(15), "y");
  }
}

TEST(Protobuf, cut_off_is_no_message) {
  wasmup::detail::ProtobufWriter writer(1, 4);
  const std::string whole(writer.put(1, "text").message());
  EXPECT_TRUE(wasmup::testing::decode_protobuf(whole));
  for (size_t size = 1; size < whole.size(); ++size) {
    EXPECT_FALSE(wasmup::testing::decode_protobuf(std::string_view(whole).substr(0, size))) << size;
  }
}

}  // namespace
