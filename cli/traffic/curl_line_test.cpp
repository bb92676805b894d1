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

TEST(curl_line, is_quoted_for_a_shell) {
  EXPECT_EQ(curl_line({.url = "http://a/?b=1&c=$(d)", .body = "it's"}),
            "curl -i -X GET --data-raw 'it'\\''s' 'http://a/?b=1&c=$(d)'");
}

}  // namespace
}  // namespace wasmup::traffic
