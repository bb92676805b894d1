// SPDX-License-Identifier: MIT
#include "policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::kubernetes {
namespace {

using testing::ElementsAre;

Json policy_with(const std::string& ancestors, int generation = 2) {
  return Json::parse(R"({"kind": "EnvoyExtensionPolicy",
    "metadata": {"namespace": "n", "name": "p", "generation": )" +
                     std::to_string(generation) + R"(},
    "spec": {"targetRefs": [{"kind": "HTTPRoute", "name": "r"}, {"kind": "Gateway", "name": "g", "sectionName": "http"}],
      "wasm": [{"name": "w", "code": {"type": "Image", "image": {"url": "reg/a:1@sha256:ab", "sha256": "ab", "pullSecretRef": {"name": "s"}}}},
               {"name": "h", "failOpen": true, "code": {"type": "HTTP", "http": {"url": "https://a/b.wasm"}}}]},
    "status": {"ancestors": )" +
                     ancestors + "}}");
}

constexpr const char* yes =
    R"({"ancestorRef": {"kind": "Gateway", "name": "eg", "namespace": "n"}, "conditions": [
      {"type": "Accepted", "status": "True", "reason": "Accepted", "message": "fine", "observedGeneration": 2}]})";
constexpr const char* no =
    R"({"ancestorRef": {"kind": "Gateway", "name": "other"}, "conditions": [
      {"type": "Accepted", "status": "False", "reason": "Invalid", "message": "Wasm: no such image", "observedGeneration": 2}]})";

TEST(policy, modules_and_targets_are_read) {
  const Json policy = policy_with("[]");
  const auto modules = modules_of(policy);
  ASSERT_EQ(modules.size(), 2U);
  EXPECT_EQ(modules[0].url, "reg/a:1");
  EXPECT_EQ(modules[0].digest, "ab");
  EXPECT_EQ(modules[0].pull_secret, "s");
  EXPECT_FALSE(modules[0].fail_open);
  EXPECT_FALSE(modules[1].is_image);
  EXPECT_TRUE(modules[1].fail_open);
  EXPECT_THAT(targets_of(policy),
              ElementsAre(Name{"HTTPRoute", "n", "r"}, Name{"Gateway", "n", "g", "http"}));
  EXPECT_EQ(to_string(targets_of(policy)[1]), "Gateway n/g, http");
}

TEST(policy, is_accepted_when_every_ancestor_accepts_this_generation) {
  EXPECT_EQ(acceptance_of(policy_with("[]")).verdict, Verdict::waiting);
  EXPECT_EQ(acceptance_of(policy_with(std::string("[") + yes + "]")).verdict, Verdict::accepted);
  EXPECT_EQ(acceptance_of(policy_with(std::string("[") + yes + "]", 3)).verdict, Verdict::waiting);
  const Acceptance refused = acceptance_of(policy_with(std::string("[") + yes + "," + no + "]"));
  EXPECT_EQ(refused.verdict, Verdict::refused);
  EXPECT_EQ(refused.reason, "Gateway n/other: Invalid: Wasm: no such image");
}

TEST(policy, what_is_not_as_it_should_be_is_empty_and_no_crash) {
  for (const char* text : {"null", "[]", "{}", R"({"spec": 1, "status": []})",
                           R"({"spec": {"wasm": [1, {"code": []}], "targetRefs": {"a": 1}}})"}) {
    const Json odd = Json::parse(text);
    EXPECT_EQ(acceptance_of(odd).verdict, Verdict::waiting) << text;
    targets_of(odd);
    modules_of(odd);
  }
}

}  // namespace
}  // namespace wasmup::kubernetes
