// SPDX-License-Identifier: MIT
#include "rollout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "../kubernetes/fake_kubectl.hpp"

namespace wasmup::deployment {
namespace {

using kubernetes::Json;
using testing::HasSubstr;
using namespace std::chrono_literals;

/// A Gateway with one proxy, which runs module "old" until the test says otherwise.
class RolloutTest : public testing::Test {
 protected:
  RolloutTest() {
    cluster_.put("pods", Json::parse(R"({"metadata": {"namespace": "s", "name": "envoy-1", "labels": {
        "gateway.envoyproxy.io/owning-gateway-name": "eg", "gateway.envoyproxy.io/owning-gateway-namespace": "n"}},
      "status": {"conditions": [{"type": "Ready", "status": "True"}]}})"));
    cluster_.forwards = {{"s/pod/envoy-1:19000", 1900}};
  }

  Expected<void> wait_for(const std::string& module) {
    return wait_for_proxies(world_, {"EnvoyExtensionPolicy", "n", "p"}, {{"Gateway", "n", "eg"}}, module, 5s);
  }

  Expected<http::Response> answer(const http::Request& request) const {
    if (!request.url.ends_with("/config_dump")) return http::Response{.status = 200, .body = "{}"};
    Json filter = Json::parse(R"({"name": "x/envoyextensionpolicy/n/p/wasm/0", "typed_config": {
      "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm"}})");
    filter["typed_config"]["config"]["vm_config"]["code"]["remote"]["sha256"] = runs_;
    return http::Response{.status = 200, .body = filter.dump()};
  }

  os::FakeProcesses processes_ = {};
  kubernetes::FakeKubectl cluster_{processes_};
  kubernetes::Kubectl kubectl_ = kubernetes::Kubectl::find(processes_, std::nullopt).value();
  std::string runs_ = "old";
  std::chrono::steady_clock::time_point now_ = {};
  std::function<void()> on_pause_ = {};
  std::ostringstream out_ = {};
  terminal::Terminal terminal_{out_, out_, {}};
  World world_{.kubectl = kubectl_,
               .means = {.send = [this](const http::Request& request) { return answer(request); },
                         .now = [this] { return now_; },
                         .pause =
                             [this](std::chrono::milliseconds time) {
                               now_ += time;
                               if (on_pause_) on_pause_();
                             },
                         .interrupted = [] { return false; }},
               .terminal = terminal_,
               .show = {}};
};

TEST_F(RolloutTest, a_new_module_is_waited_for_in_every_proxy) {
  on_pause_ = [this] { runs_ = "new"; };
  EXPECT_TRUE(wait_for("new"));
  EXPECT_EQ(cluster_.count("port-forward"), 2);
}

TEST_F(RolloutTest, a_proxy_that_keeps_the_old_one_is_an_error) {
  const auto waited = wait_for("new");
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().code, ExitCode::refused);
  EXPECT_THAT(waited.error().seen, HasSubstr("s/envoy-1 does not have module new"));
}

TEST_F(RolloutTest, a_proxy_that_may_not_be_looked_into_is_mentioned_and_not_waited_for) {
  cluster_.forwards.clear();
  EXPECT_TRUE(wait_for("new"));
  EXPECT_THAT(out_.str(), HasSubstr("unseen    s/envoy-1"));
}

TEST(rollout, without_the_filter_the_headers_are_gone) {
  const auto file = traffic::parse_requests(
      without_the_filter(
          "requests: [{name: a, path: /get, headers: {x-a: b}, expect: {status: 200, headers: {x-c: d}}}]"),
      "test", traffic::Urls::paths_only);
  ASSERT_TRUE(file) << file.error().seen;
  ASSERT_EQ(file->cases.size(), 1U);
  EXPECT_EQ(file->cases[0].request.url, "/get");
  ASSERT_EQ(file->cases[0].expectations.size(), 1U);
  EXPECT_EQ(file->cases[0].expectations[0].name, "x-c");
  EXPECT_TRUE(file->cases[0].expectations[0].values.empty());
  EXPECT_EQ(without_the_filter("requests: [{path: /, expect: {status: 200}}]"), "");
  EXPECT_EQ(without_the_filter(""), "");
}

}  // namespace
}  // namespace wasmup::deployment
