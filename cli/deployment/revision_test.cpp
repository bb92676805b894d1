// SPDX-License-Identifier: MIT
#include "revision.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::deployment {
namespace {

using kubernetes::Json;
using testing::IsEmpty;
using testing::SizeIs;

const kubernetes::Name name{"EnvoyExtensionPolicy", "n", "p"};

Json spec(const std::string& url) { return {{"wasm", {{{"name", "w"}, {"url", url}}}}}; }

TEST(revision, the_first_has_no_history) {
  const Json first = next_policy(std::nullopt, name, spec("a"), "");
  EXPECT_TRUE(is_ours(first));
  EXPECT_EQ(current_revision(first).number, 1);
  EXPECT_THAT(history_of(first), IsEmpty());
}

TEST(revision, each_keeps_those_before_it_newest_first) {
  Json policy = next_policy(std::nullopt, name, spec("a"), "requests: []");
  policy = next_policy(policy, name, spec("b"), "");
  policy = next_policy(policy, name, spec("c"), "");
  EXPECT_EQ(current_revision(policy).number, 3);
  const auto history = history_of(policy);
  ASSERT_THAT(history, SizeIs(2));
  EXPECT_EQ(history[0].spec, spec("b"));
  EXPECT_EQ(history[1].number, 1);
  EXPECT_EQ(history[1].requests, "requests: []");
}

TEST(revision, the_same_once_more_is_no_new_one) {
  const Json first = next_policy(std::nullopt, name, spec("a"), "r");
  EXPECT_EQ(next_policy(first, name, spec("a"), "r"), first);
}

TEST(revision, only_a_few_are_kept_and_not_too_many_bytes_of_them) {
  Json policy = next_policy(std::nullopt, name, spec("0"), "");
  for (int i = 1; i < 10; ++i) policy = next_policy(policy, name, spec(std::to_string(i)), "");
  EXPECT_THAT(history_of(policy), SizeIs(most_revisions));
  EXPECT_EQ(history_of(policy)[0].spec, spec("8"));
  const std::string large(most_history_bytes, 'x');
  policy = next_policy(policy, name, spec(large), "");
  policy = next_policy(policy, name, spec("small"), "");
  EXPECT_THAT(history_of(policy), IsEmpty());
}

TEST(revision, of_a_policy_of_somebody_else_is_none_and_a_broken_history_is_empty) {
  Json other{{"metadata", {{"name", "p"}, {"annotations", {{history_key, "[1, {\"spec\": 2}, {"}}}}},
             {"spec", spec("a")}};
  EXPECT_FALSE(is_ours(other));
  EXPECT_THAT(history_of(other), IsEmpty());
  EXPECT_EQ(current_revision(other).number, 0);
  EXPECT_EQ(current_revision(next_policy(other, name, spec("b"), "")).number, 1);
}

}  // namespace
}  // namespace wasmup::deployment
