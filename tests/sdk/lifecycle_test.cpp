// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

std::vector<std::string> taken_logs(Host& host) {
  std::vector<std::string> lines;
  for (const LogLine& line : host.logs()) lines.push_back(line.text);
  host.clear_records();
  return lines;
}

TEST(Lifecycle, of_a_root_and_a_stream_is_envoys) {
  Host host(HostOptions{.plugin_configuration = "a", .vm_configuration = "vm"});
  EXPECT_THAT(taken_logs(host), ElementsAre("root made", "VM of vm", "root a configured"));
  Message response = reply(200, "body");
  response.trailers = {{"x-end", "1"}};
  host.exchange(get("/path"), response);
  EXPECT_THAT(taken_logs(host), ElementsAre("stream of a made", "request", "stream logs /path 200 1",
                                            "trailers: 1", "stream done", "stream deleted"));
}

TEST(Lifecycle, logs_a_local_response_too) {
  Host host("a");
  taken_logs(host);
  host.exchange(get("/", {{"x-deny", "1"}}));
  EXPECT_THAT(taken_logs(host), ElementsAre("stream of a made", "request", "stream logs / 403 ",
                                            "trailers: 1", "stream done", "stream deleted"));
}

TEST(Lifecycle, logs_a_stream_that_never_reached_the_filter) {
  Host host("a");
  taken_logs(host);
  host.open_stream();
  EXPECT_THAT(taken_logs(host), ElementsAre("stream of a made", "stream logs   ", "trailers: 1",
                                            "stream done", "stream deleted"));
}

TEST(Lifecycle, ends_the_old_root_with_its_last_stream) {
  Host host("a");
  Stream old = host.open_stream();
  taken_logs(host);
  ASSERT_TRUE(host.reconfigure("b"));
  EXPECT_THAT(taken_logs(host), ElementsAre("root made", "VM of ", "root b configured"));
  old.close();
  EXPECT_THAT(taken_logs(host), ElementsAre("stream logs   ", "trailers: 1", "stream done", "stream deleted",
                                            "root a done", "root a deleted"));
}

TEST(Lifecycle, waits_for_a_root_that_is_not_done) {
  Host host("slow");
  taken_logs(host);
  host.reconfigure("b");
  EXPECT_EQ(host.parked_roots(), 1U);
  taken_logs(host);
  host.advance(std::chrono::milliseconds(20));
  EXPECT_THAT(taken_logs(host), ElementsAre("root slow done at last", "root slow deleted"));
  EXPECT_EQ(host.parked_roots(), 0U);
}

TEST(Lifecycle, configures_once_more_to_try_it_out) {
  Host host(HostOptions{.plugin_configuration = "a", .trial_pass = true});
  const auto lines = taken_logs(host);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), "root a configured"), 2);
}

TEST(Lifecycle, does_not_start_with_a_refused_configuration) {
  const Host host("refuse");
  EXPECT_FALSE(host.is_running());
  EXPECT_THAT(host.failure(), HasSubstr("on_configure returned false"));
}

TEST(Lifecycle, lets_a_root_log) {
  Host host("a");
  taken_logs(host);
  host.log(get("/logged"), reply());
  EXPECT_THAT(taken_logs(host), ElementsAre("root logs /logged"));
}

}  // namespace
