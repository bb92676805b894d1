// SPDX-License-Identifier: MIT
#include "curl_line.hpp"

#include <gtest/gtest.h>

namespace wasmup::traffic {
namespace {

TEST(curl_line, of_a_plain_request_is_plain) {
  EXPECT_EQ(curl_line({.url = "http://127.0.0.1:8080/get"}), "curl -i http://127.0.0.1:8080/get");
}

TEST(curl_line, carries_all_that_was_asked) {
  EXPECT_EQ(curl_line({.url = "https://a/",
                       .method = "PUT",
                       .headers = {{"host", "b"}, {"x-empty", ""}},
                       .body = "a b",
                       .connect_to = "127.0.0.1:8443",
                       .authorities = "ca.crt",
                       .insecure = true}),
            "curl -i -k --cacert ca.crt --connect-to ::127.0.0.1:8443 -X PUT -H 'host: b' -H 'x-empty;' "
            "--data-raw 'a b' https://a/");
}

TEST(curl_line, names_the_method_only_where_curl_would_take_another) {
  EXPECT_EQ(curl_line({.url = "http://a/", .method = "POST", .body = "x"}), "curl -i --data-raw x http://a/");
  EXPECT_EQ(curl_line({.url = "http://a/", .method = "GET", .body = "x"}),
            "curl -i -X GET --data-raw x http://a/");
  EXPECT_EQ(curl_line({.url = "http://a/", .method = "HEAD"}), "curl -I http://a/");
}

TEST(curl_line, has_no_secret_in_it_and_is_a_line_for_a_shell_all_the_same) {
  EXPECT_EQ(
      curl_line({.url = "http://u:hunter2@a/?access_token=hunter2&b=1",
                 .headers = {{"authorization", "Bearer 'hunter2"},
                             {"cookie", "a=hunter2; b=hunter2"},
                             {"x-api-key", "hunter2"},
                             {"x-wasm-custom", "FOO"}},
                 .body = "password=hunter2&c=d"}),
      "curl -i -X GET -H 'authorization: ***' -H 'cookie: ***' -H 'x-api-key: ***' -H 'x-wasm-custom: FOO' "
      "--data-raw 'password=***&c=d' 'http://***@a/?access_token=***&b=1'");
}

TEST(curl_line, is_one_line_whatever_the_request_has_in_it) {
  EXPECT_EQ(curl_line({.url = "http://a/", .method = "POST", .body = "a\nb'\x1b"}),
            "curl -i --data-raw $'a\\nb\\'\\x1b' http://a/");
}

TEST(curl_line, is_quoted_for_a_shell) {
  EXPECT_EQ(curl_line({.url = "http://a/?b=1&c=$(d)", .body = "it's"}),
            "curl -i -X GET --data-raw 'it'\\''s' 'http://a/?b=1&c=$(d)'");
}

}  // namespace
}  // namespace wasmup::traffic
