// SPDX-License-Identifier: MIT
#include "upstream_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::commands {
namespace {

using testing::HasSubstr;

void expect_upstream(const std::string& url, const std::string& host, uint16_t port, bool tls) {
  const Expected<envoy::Upstream> upstream = parse_upstream_url(url);
  ASSERT_TRUE(upstream) << url << ": " << upstream.error().seen;
  EXPECT_EQ(upstream->host, host) << url;
  EXPECT_EQ(upstream->port, port) << url;
  EXPECT_EQ(upstream->tls, tls) << url;
}

TEST(upstream_url, has_a_host_and_a_port) {
  expect_upstream("http://127.0.0.1:8080", "127.0.0.1", 8080, false);
}
TEST(upstream_url, may_end_with_a_slash) { expect_upstream("http://localhost:1/", "localhost", 1, false); }
TEST(upstream_url, without_a_port_has_that_of_its_scheme) {
  expect_upstream("http://example.com", "example.com", 80, false);
  expect_upstream("https://example.com", "example.com", 443, true);
}
TEST(upstream_url, an_ipv6_address_stands_in_brackets) {
  expect_upstream("http://[::1]:8080", "::1", 8080, false);
  expect_upstream("http://[::1]", "::1", 80, false);
}

TEST(upstream_url, anything_else_is_refused_with_the_reason) {
  const std::pair<const char*, const char*> refused[] = {
      {"127.0.0.1:8080", "neither http:// nor https://"},
      {"", "neither http:// nor https://"},
      {"ftp://a", "neither http:// nor https://"},
      {"http://a/path", "it has a path"},
      {"http://a?query", "it has a path"},
      {"http://user:secret@a", "user name"},
      {"http://", "not a host name"},
      {"http://:80", "not a host name"},
      {"http://a b", "not a host name"},
      {"http://a\r\nx: y", "not a host name"},
      {"http://[::1", "a ] is missing"},
      {"http://[a.example]", "not a host name"},
      {"http://a:", "not a port"},
      {"http://a:0", "not a port"},
      {"http://a:65536", "not a port"},
      {"http://a:80x", "not a port"},
      {"http://[::1]80", "not a port"},
  };
  for (const auto& [url, reason] : refused) {
    const Expected<envoy::Upstream> upstream = parse_upstream_url(url);
    ASSERT_FALSE(upstream) << url;
    EXPECT_EQ(upstream.error().code, ExitCode::usage);
    EXPECT_THAT(upstream.error().seen, HasSubstr(reason)) << url;
    EXPECT_THAT(upstream.error().next, HasSubstr("http://HOST:PORT"));
  }
}

}  // namespace
}  // namespace wasmup::commands
