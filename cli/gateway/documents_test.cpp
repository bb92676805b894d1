// SPDX-License-Identifier: MIT
#include "documents.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::gateway {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* head = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n";

Error error_of(const std::string& text) {
  const auto read = read_documents(text, "file.yaml");
  return read ? Error{ExitCode::ok, "", "", ""} : read.error();
}

TEST(DocumentsTest, a_file_may_hold_several_and_nothing_between_them) {
  const std::string text = std::string("# first\n") + head + "---\n---\n" + head + "...\n";
  EXPECT_THAT(read_documents(text, "f").value(), SizeIs(2));
}

TEST(DocumentsTest, a_list_is_taken_apart) {
  const auto objects = read_documents(
      R"({"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "b"}}]})",
      "f");
  ASSERT_THAT(objects.value(), SizeIs(1));
  EXPECT_EQ(objects->front()["metadata"]["name"], "b");
}

TEST(DocumentsTest, a_plain_value_has_its_type_and_a_quoted_one_is_text) {
  const Json object =
      read_documents(std::string(head) + "a: [1, '1', 1.5, true, 'true', ~, null, word, 0x1f, .inf]\n", "f")
          .value()
          .front();
  EXPECT_EQ(object["a"], Json::parse(R"([1, "1", 1.5, true, "true", null, null, "word", "0x1f", ".inf"])"));
}

TEST(DocumentsTest, what_is_no_object_is_refused_with_its_place) {
  EXPECT_THAT(error_of("- a\n").seen, HasSubstr("1:1: an object has names"));
  EXPECT_THAT(error_of("kind: A\nmetadata: {name: a}\n").seen, HasSubstr("no apiVersion"));
  EXPECT_THAT(error_of("apiVersion: v1\nkind: A\nmetadata: {name: 1}\n").seen, HasSubstr("no metadata/name"));
  EXPECT_THAT(error_of("apiVersion: v1\nkind: [A]\nmetadata: {name: a}\n").seen, HasSubstr("no kind"));
  EXPECT_THAT(error_of("a: {b: 1\n").what, HasSubstr("file.yaml cannot be read"));
  EXPECT_THAT(error_of("a: 1\na: 2\n").seen, HasSubstr("2:1: a is there twice"));
  EXPECT_THAT(error_of("a: &x 1\nb: *x\n").seen, HasSubstr("anchors"));
  EXPECT_THAT(error_of("---\n").what, HasSubstr("no object"));
  EXPECT_EQ(error_of("- a\n").code, ExitCode::usage);
}

}  // namespace
}  // namespace wasmup::gateway
