// SPDX-License-Identifier: MIT
#include "secrets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::text {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(secrets, their_names_say_so) {
  for (const char* name :
       {"authorization", "Authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key",
        "apikey", "x-auth-token", "x-client-secret", "x-amz-security-token", "db-password", "X-Amz-Signature",
        "sig", "key", "access_token", "x-auth", "grafana_session", "passwd", "ssh-passphrase"}) {
    EXPECT_TRUE(is_secret(name)) << name;
  }
  for (const char* name : {"", "host", ":authority", "content-type", "x-wasm-custom", "www-authenticate",
                           "accept", "x-author", "keyboard", "sigma", "monkey", "x-pinned"}) {
    EXPECT_FALSE(is_secret(name)) << name;
  }
}

TEST(secrets, the_value_of_a_secret_is_hidden_and_no_other) {
  EXPECT_EQ(masked("authorization", "Bearer abc"), "***");
  EXPECT_EQ(masked("x-wasm-custom", "FOO"), "FOO");
  EXPECT_EQ(masked("cookie", ""), "");
  EXPECT_EQ(masked("location", "/a?access_token=abc"), "/a?access_token=***");
}

TEST(secrets, wherever_one_stands_in_a_text_it_is_hidden) {
  for (const char* text : {"http://user:hunter2@host/a",
                           "https://hunter2@host",
                           "see http://u:p@hunter2@host:1/ and more",
                           "user:hunter2@registry.io/a:1",
                           "/a?x=1&access_token=hunter2&y=2",
                           "/a?api_key=hunter2#b",
                           "https://x/?sig=hunter2",
                           "#access_token=hunter2",
                           "authorization: Bearer hunter2",
                           "Authorization: Basic hunter2",
                           "authorization=Bearer hunter2",
                           "cookie: a=1; b=hunter2",
                           "set-cookie: sid=hunter2; Path=/",
                           "x-api-key: hunter2",
                           "x-api-key=hunter2, y",
                           R"({"token":"hunter2"})",
                           R"({"password" : "x hunter2"})",
                           R"({"access_token": "hunter2"})",
                           "password=hunter2&a=b",
                           "client_secret='a hunter2'",
                           "curl -H 'authorization: Bearer hunter2' http://x/"}) {
    const std::string shown = masked(text);
    EXPECT_THAT(shown, Not(HasSubstr("hunter2"))) << text;
    EXPECT_THAT(shown, HasSubstr("***")) << text;
    EXPECT_EQ(masked(shown), shown) << text;
  }
}

TEST(secrets, what_stands_beside_one_stays) {
  EXPECT_EQ(masked("see http://u:p@host/a?x=1 b"), "see http://***@host/a?x=1 b");
  EXPECT_EQ(masked("/a?token=b&x=1"), "/a?token=***&x=1");
  EXPECT_EQ(masked("curl -H 'cookie: a=1; b=2' http://x/"), "curl -H 'cookie: ***' http://x/");
  EXPECT_EQ(masked("x-api-key: ***, exactly once"), "x-api-key: ***, exactly once");
  EXPECT_EQ(masked("a\ncookie: b\nc: d"), "a\ncookie: ***\nc: d");
}

TEST(secrets, what_is_none_stays_as_it_is) {
  for (const char* text : {"", "=", "@", ":", "a@b.c", "x-wasm-custom=FOO", "hello:1@sha256:aaaa",
                           "127.0.0.1:5000/hello:1@sha256:aa", "http://127.0.0.1:1/a@b", "git@github.com:o/r",
                           "the token: it ends here", "key: value", "::1", "a:b c@d", "http://[::1]:80/?a=b",
                           "status 200", "token=", "cookie:"}) {
    EXPECT_EQ(masked(text), text);
  }
}

}  // namespace
}  // namespace wasmup::text
