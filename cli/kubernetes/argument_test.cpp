// SPDX-License-Identifier: MIT
#include "argument.hpp"

#include <gtest/gtest.h>

#include "fake_kubectl.hpp"

namespace wasmup::kubernetes {
namespace {

/// Texts that kubectl or a terminal could take for something else.
const std::vector<std::string> not_names{"",
                                         "--all",
                                         "-A",
                                         "-n",
                                         "a b",
                                         "a\n",
                                         "a/b",
                                         "a,b",
                                         "A",
                                         "*",
                                         "a=b",
                                         "a;b",
                                         "a\x80",
                                         "../a",
                                         "--context",
                                         "@f",
                                         "a\tb",
                                         "$(a)",
                                         "a%2fb",
                                         ".",
                                         "a.",
                                         "-",
                                         std::string("a\0", 2)};

TEST(argument, what_stands_in_the_source_is_taken_as_it_is) {
  EXPECT_EQ(Argument("--ignore-not-found").text(), "--ignore-not-found");
  EXPECT_EQ(Argument("--ignore-not-found").problem(), "");
  static_assert(!std::is_convertible_v<std::string, Argument>);
  static_assert(!std::is_convertible_v<const char*, Argument>);
}

TEST(argument, a_name_is_a_name_and_no_flag) {
  EXPECT_EQ(Argument::name("a-b.c").problem(), "");
  EXPECT_EQ(Argument::space("a-b").problem(), "");
  EXPECT_EQ(Argument::kind("services,endpointslices.discovery.k8s.io").problem(), "");
  EXPECT_EQ(Argument::object("pod/a-b").problem(), "");
  EXPECT_EQ(Argument::labels({{"x/y", "a"}, {"z", "b"}}).text(), "x/y=a,z=b");
  EXPECT_EQ(Argument::context("arn:aws:eks:eu-1:1:cluster/a b").problem(), "");
  for (const std::string& text : not_names) {
    EXPECT_NE(Argument::name(text).problem(), "") << text;
    EXPECT_NE(Argument::space(text).problem(), "") << text;
    EXPECT_NE(Argument::object("pod/" + text).problem(), "") << text;
    EXPECT_NE(Argument::object(text + "/a").problem(), "") << text;
    EXPECT_NE(Argument::labels({{"a", text}}).problem(), "") << text;
    if (text != "a,b") EXPECT_NE(Argument::kind(text).problem(), "") << text;
  }
  for (const char* text : {"", "-", "--all", "a\n", "\x1b[2J"}) {
    EXPECT_NE(Argument::context(text).problem(), "") << text;
  }
  EXPECT_NE(Argument::file("-").problem(), "");
}

/// Whichever way a name comes in, kubectl is not started with it.
TEST(argument, kubectl_is_not_run_with_a_name_that_cannot_be_one) {
  os::FakeProcesses processes;
  FakeKubectl cluster(processes);
  const Kubectl kubectl = Kubectl::find(processes, std::nullopt).value();
  for (const std::string& text : not_names) {
    const auto refused = [&](const auto& result) {
      return !result && result.error().code == ExitCode::refused;
    };
    EXPECT_TRUE(refused(kubectl.get("pods", "a", text))) << text;
    EXPECT_TRUE(refused(kubectl.get_all("nodes", {"a", text}))) << text;
    EXPECT_TRUE(refused(kubectl.list("pods", "a", {{"x", text}}))) << text;
    EXPECT_TRUE(refused(kubectl.remove("pods", "a", text))) << text;
    EXPECT_TRUE(refused(kubectl.remove("pods", text, "a"))) << text;
    EXPECT_TRUE(refused(kubectl.logs("a", "pod/" + text, 1))) << text;
    EXPECT_TRUE(refused(kubectl.logs(text, "pod/a", 1))) << text;
    EXPECT_TRUE(refused(kubectl.forward("a", "pod/" + text, 80))) << text;
    EXPECT_TRUE(refused(kubectl.forward(text, "pod/a", 80))) << text;
    if (text.empty()) continue;  // without one: of no namespace, or of all
    EXPECT_TRUE(refused(kubectl.get("pods", text, "a"))) << text;
    EXPECT_TRUE(refused(kubectl.list("pods", text))) << text;
  }
  EXPECT_TRUE(cluster.lines.empty());
}

TEST(argument, a_context_that_is_a_flag_is_an_error_of_usage) {
  os::FakeProcesses processes;
  FakeKubectl cluster(processes);
  const auto found = Kubectl::find(processes, "--kubeconfig=/tmp/x");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ExitCode::usage);
}

TEST(argument, a_line_of_advice_is_for_a_shell) {
  os::FakeProcesses processes;
  FakeKubectl cluster(processes);
  EXPECT_EQ(Kubectl::find(processes, "a b").value().line({"get", std::string("x;id")}),
            "kubectl get 'x;id' --context 'a b'");
}

}  // namespace
}  // namespace wasmup::kubernetes
