// SPDX-License-Identifier: MIT
#include "kubectl.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_kubectl.hpp"

namespace wasmup::kubernetes {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class KubectlTest : public testing::Test {
 protected:
  Kubectl kubectl() { return Kubectl::find(processes_, std::nullopt).value(); }
  Error error_of(const std::string& output, bool timed_out = false) {
    processes_.script("kubectl", {{.status = 1, .output = output, .timed_out = timed_out}});
    return kubectl().get("pods", "a", "b").error();
  }

  os::FakeProcesses processes_;
};

TEST_F(KubectlTest, without_the_program_it_says_how_to_get_it) {
  const auto none = Kubectl::find(processes_, std::nullopt);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ExitCode::environment);
  EXPECT_THAT(none.error().next, HasSubstr("kubernetes-client"));
}

TEST_F(KubectlTest, the_context_is_part_of_every_command) {
  processes_.script("kubectl", {{.output = "{\"items\": []}\n"}});
  const auto other = Kubectl::find(processes_, "prod").value();
  ASSERT_TRUE(other.list("pods", "a", {{"x", "y"}}));
  EXPECT_THAT(processes_.commands.at(0).argv,
              ElementsAre("/fake/bin/kubectl", "get", "pods", "-o", "json", "--request-timeout=20s", "-n",
                          "a", "-l", "x=y", "--context", "prod"));
  EXPECT_EQ(other.line({"get", "pods"}), "kubectl get pods --context prod");
}

TEST_F(KubectlTest, what_is_not_there_is_nothing) {
  FakeKubectl fake(processes_);
  fake.put("pods", {{"metadata", {{"namespace", "a"}, {"name", "b"}}}});
  EXPECT_EQ(kubectl().get("pods", "a", "c").value(), std::nullopt);
  EXPECT_EQ(kubectl().get("pods", "a", "b").value().value()["metadata"]["name"], "b");
}

TEST_F(KubectlTest, several_names_at_once_are_those_that_are_there) {
  FakeKubectl fake(processes_);
  EXPECT_THAT(kubectl().get_all("nodes", {"a", "b"}).value(), SizeIs(0));
  fake.put("nodes", {{"metadata", {{"name", "a"}}}});
  EXPECT_THAT(kubectl().get_all("nodes", {"a", "b"}).value(), SizeIs(1));
  fake.put("nodes", {{"metadata", {{"name", "b"}}}});
  EXPECT_THAT(kubectl().get_all("nodes", {"a", "b"}).value(), SizeIs(2));
}

TEST_F(KubectlTest, warnings_around_a_document_do_not_spoil_it) {
  processes_.script("kubectl",
                    {{.output = "Warning: {old}\n{\n  \"items\": [\n    {}\n  ]\n}\nWarning: older\n"}});
  EXPECT_THAT(kubectl().list("pods").value(), SizeIs(1));
}

TEST_F(KubectlTest, what_is_no_document_is_an_error_and_not_a_crash) {
  for (const char* output : {"", "{", "}{", "no resources", "{\"items\": [}\n", "[1]"}) {
    processes_.script("kubectl", {{.output = output}});
    EXPECT_FALSE(kubectl().list("pods")) << output;
  }
}

TEST_F(KubectlTest, a_refusal_by_the_server_is_told_from_a_cluster_that_is_not_there) {
  const Error refusal = error_of("Error from server (Forbidden): pods is forbidden\n");
  EXPECT_EQ(refusal.code, ExitCode::refused);
  EXPECT_THAT(refusal.seen, HasSubstr("pods is forbidden"));
  const Error nobody = error_of(
      "E1125 13:00:00.1 memcache.go:265] couldn't get current server API group list\n"
      "The connection to the server localhost:8080 was refused\n");
  EXPECT_EQ(nobody.code, ExitCode::environment);
  EXPECT_THAT(nobody.seen, AllOf(HasSubstr("localhost:8080 was refused"), Not(HasSubstr("memcache"))));
  EXPECT_EQ(error_of("", true).code, ExitCode::environment);
}

TEST_F(KubectlTest, apply_is_server_side_under_our_name) {
  FakeKubectl fake(processes_);
  const Json object{{"kind", "Secret"}, {"metadata", {{"namespace", "a"}, {"name", "s"}}}};
  ASSERT_TRUE(kubectl().apply(object, {.dry_run = true}));
  EXPECT_EQ(fake.find("secrets", "a", "s"), nullptr);
  EXPECT_EQ(kubectl().apply(object, {.take_over = true}).value()["metadata"]["generation"], 1);
  EXPECT_NE(fake.find("secrets", "a", "s"), nullptr);
  EXPECT_THAT(fake.lines.at(1), AllOf(HasSubstr("apply --server-side --field-manager=wasmup -f "),
                                      HasSubstr("--force-conflicts")));
}

TEST_F(KubectlTest, removing_says_whether_there_was_anything) {
  FakeKubectl fake(processes_);
  fake.put("pods", {{"metadata", {{"namespace", "a"}, {"name", "b"}}}});
  EXPECT_EQ(kubectl().remove("pods", "a", "b"), true);
  EXPECT_EQ(kubectl().remove("pods", "a", "b"), false);
}

TEST_F(KubectlTest, a_forward_gives_the_port_that_kubectl_has_picked) {
  FakeKubectl fake(processes_);
  fake.forwards = {{"a/pod/b:19000", 41195}};
  EXPECT_EQ(kubectl().forward("a", "pod/b", 19000).value().port(), 41195);
  const auto none = kubectl().forward("a", "pod/c", 19000);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ExitCode::refused);
  EXPECT_THAT(none.error().seen, HasSubstr("pod is not running"));
}

}  // namespace
}  // namespace wasmup::kubernetes
