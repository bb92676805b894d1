// SPDX-License-Identifier: MIT
#include "reference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::registry {
namespace {

const std::string digest = "sha256:" + std::string(64, 'a');

TEST(Reference, has_what_is_written_and_what_goes_without_saying) {
  const Reference whole = parse_reference("registry.internal:5000/team/hello:v1").value();
  EXPECT_EQ(whole.host, "registry.internal:5000");
  EXPECT_EQ(whole.repository, "team/hello");
  EXPECT_EQ(whole.tag, "v1");
  EXPECT_EQ(parse_reference("hello").value().text(), "docker.io/library/hello:latest");
  EXPECT_EQ(parse_reference("owner/hello").value().text(), "docker.io/owner/hello:latest");
  EXPECT_EQ(parse_reference("localhost/hello").value().host, "localhost");
  EXPECT_EQ(parse_reference("ghcr.io/a/b@" + digest).value().text(), "ghcr.io/a/b@" + digest);
  EXPECT_EQ(parse_reference("ghcr.io/a/b:v1@" + digest).value().text(), "ghcr.io/a/b@" + digest);
}

TEST(Reference, knows_this_machine) {
  for (const char* const text : {"localhost:5000/a", "127.0.0.1:5000/a", "127.1.2.3/a", "[::1]:5000/a"}) {
    EXPECT_TRUE(parse_reference(text).value().on_loopback()) << text;
  }
  for (const char* const text : {"a", "localhost.example.com/a", "127.0.0.1.example.com/a", "10.0.0.1/a"}) {
    EXPECT_FALSE(parse_reference(text).value().on_loopback()) << text;
  }
}

TEST(Reference, refuses_what_is_none) {
  for (const std::string& text : std::initializer_list<std::string>{
           "", "Hello", "a:", "a/", "/a", "a b", "a@sha256:1", "https://a.b/c", "a.b/c:v 1", "-a.b/c",
           "a.b/../c", "a.b/c;rm", "--flag", std::string(10'000, 'a')}) {
    EXPECT_EQ(parse_reference(text).error().code, ExitCode::usage) << text;
  }
}

TEST(Reference, does_not_show_a_password_that_was_put_into_it) {
  const Error error = parse_reference("me:secret@ghcr.io/a/b").error();
  EXPECT_THAT(error.what + error.seen + error.next, testing::Not(testing::HasSubstr("secret")));
}

}  // namespace
}  // namespace wasmup::registry
