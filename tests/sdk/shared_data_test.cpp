// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;

namespace {

std::string done(Host& host, const Headers& headers) {
  const Exchange exchange = host.exchange(get("/", headers));
  return exchange.client ? exchange.client->body : "no answer";
}

TEST(SharedData, that_nobody_has_set_is_missing_and_not_empty) {
  Host host;
  EXPECT_EQ(done(host, {{"x-do", "get"}, {"x-key", "a"}}), "1 0 ");
  EXPECT_EQ(done(host, {{"x-do", "set"}, {"x-key", "a"}, {"x-value", ""}}), "0 ");
  EXPECT_EQ(done(host, {{"x-do", "get"}, {"x-key", "a"}}), "0 1 ");
}

TEST(SharedData, has_a_new_version_each_time_it_is_set) {
  Host host;
  EXPECT_EQ(done(host, {{"x-do", "set"}, {"x-key", "a"}, {"x-value", "1"}}), "0 ");
  EXPECT_EQ(done(host, {{"x-do", "get"}, {"x-key", "a"}}), "0 1 1");
  EXPECT_EQ(done(host, {{"x-do", "set"}, {"x-key", "a"}, {"x-value", "2"}}), "0 ");
  EXPECT_EQ(done(host, {{"x-do", "get"}, {"x-key", "a"}}), "0 2 2");
}

TEST(SharedData, is_not_set_over_a_version_one_has_not_seen) {
  Host host;
  host.set_shared_data("a", "1");
  EXPECT_EQ(done(host, {{"x-do", "set"}, {"x-key", "a"}, {"x-value", "2"}, {"x-version", "7"}}), "8 ");
  EXPECT_EQ(host.shared_data("a"), "1");
  EXPECT_EQ(done(host, {{"x-do", "set"}, {"x-key", "a"}, {"x-value", "2"}, {"x-version", "1"}}), "0 ");
  EXPECT_EQ(host.shared_data("a"), "2");
}

TEST(SharedData, that_is_missing_is_made_whatever_the_version) {
  Host host;
  EXPECT_EQ(done(host, {{"x-do", "set"}, {"x-key", "a"}, {"x-value", "2"}, {"x-version", "7"}}), "0 ");
  EXPECT_EQ(host.shared_data("a"), "2");
}

TEST(SharedData, is_updated_from_what_it_was) {
  Host host;
  EXPECT_EQ(done(host, {{"x-do", "append"}, {"x-key", "a"}, {"x-value", "1"}}), "0 ");
  EXPECT_EQ(done(host, {{"x-do", "append"}, {"x-key", "a"}, {"x-value", "2"}}), "0 ");
  EXPECT_EQ(host.shared_data("a"), "new:12");
}

TEST(SharedData, is_given_up_when_others_are_always_faster) {
  Host host;
  EXPECT_EQ(done(host, {{"x-do", "race"}, {"x-key", "a"}}), "8 ");
  EXPECT_EQ(host.shared_data("a"), "other");
}

TEST(SharedData, counts) {
  Host host;
  EXPECT_EQ(done(host, {{"x-do", "add"}, {"x-key", "n"}}), "0 1");
  EXPECT_EQ(done(host, {{"x-do", "add"}, {"x-key", "n"}}), "0 2");
  host.set_shared_data("n", "no number");
  EXPECT_EQ(done(host, {{"x-do", "add"}, {"x-key", "n"}}), "0 1");
}

TEST(SharedData, counts_no_further_than_a_number_goes) {
  Host host;
  host.set_shared_data("n", "9223372036854775806");
  EXPECT_EQ(done(host, {{"x-do", "add"}, {"x-key", "n"}}), "0 9223372036854775807");
  EXPECT_EQ(done(host, {{"x-do", "add"}, {"x-key", "n"}}), "0 9223372036854775807");
  EXPECT_EQ(host.shared_data("n"), "9223372036854775807");
}

}  // namespace
