// SPDX-License-Identifier: MIT
// Shared data, queues and metrics (tests/sdk) in a real Envoy.
#include "sdk_test.hpp"

namespace wasmup {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;

class SharedData : public SdkTest {
 protected:
  std::string done(const http::Headers& headers) { return filtered({.url = "/", .headers = headers}).body; }
};

TEST_F(SharedData, that_nobody_has_set_is_missing_and_not_empty) {
  serve(filter("shared_data"));
  EXPECT_EQ(done({{"x-do", "get"}, {"x-key", "a"}}), "1 0 ");
  EXPECT_EQ(done({{"x-do", "set"}, {"x-key", "a"}, {"x-value", ""}}), "0 ");
  EXPECT_THAT(done({{"x-do", "get"}, {"x-key", "a"}}), testing::MatchesRegex("0 [0-9]+ "));
}

TEST_F(SharedData, is_set_over_the_version_one_has_seen_and_no_other) {
  // A race is hundreds of hostcalls: nobody reads what Envoy would log of each while the answer is awaited.
  start({.filters = {filter("shared_data")}}, "warning");
  EXPECT_EQ(done({{"x-do", "set"}, {"x-key", "a"}, {"x-value", "1"}, {"x-version", "77777"}}), "0 ")
      << "a key that is missing is made, whatever the version";
  const std::string got = done({{"x-do", "get"}, {"x-key", "a"}});
  const std::string version = got.substr(2, got.find(' ', 2) - 2);
  EXPECT_EQ(done({{"x-do", "set"}, {"x-key", "a"}, {"x-value", "2"}, {"x-version", version + "0"}}), "8 ");
  EXPECT_EQ(done({{"x-do", "set"}, {"x-key", "a"}, {"x-value", "2"}, {"x-version", version}}), "0 ");
  EXPECT_EQ(done({{"x-do", "append"}, {"x-key", "a"}, {"x-value", "3"}}), "0 ");
  EXPECT_THAT(done({{"x-do", "get"}, {"x-key", "a"}}), testing::EndsWith(" 23"));
  EXPECT_EQ(done({{"x-do", "race"}, {"x-key", "a"}}), "8 ");
}

TEST_F(SharedData, loses_no_count_when_workers_race) {
  start({.filters = {filter("shared_data")}}, "warning", 3);
  constexpr int total = 3000;
  const auto load = http::send_load({.request = {.url = "http://127.0.0.1:" + std::to_string(server_->port()),
                                                 .headers = {{"x-do", "add"}, {"x-key", "n"}}},
                                     .total = total,
                                     .connections = 24,
                                     .accept = [](const http::Response& response) {
                                       return response.body.starts_with("0 ") ? "" : response.body;
                                     }});
  ASSERT_TRUE(load);
  EXPECT_EQ(load->failed, 0) << load->first_failure;
  EXPECT_EQ(done({{"x-do", "add"}, {"x-key", "n"}}), "0 " + std::to_string(total + 1));
}

TEST_F(SharedData, belongs_to_the_vm_id) {
  envoy::WasmFilter one = filter("shared_data");
  one.vm_id = "one";
  start({.filters = {one}, .discovery_folder = folder_.path()});
  EXPECT_EQ(done({{"x-do", "add"}, {"x-key", "n"}}), "0 1");
  one.vm_id = "other";
  ASSERT_TRUE(server_->swap(one));
  EXPECT_EQ(done({{"x-do", "add"}, {"x-key", "n"}}), "0 1");
}

class SharedQueue : public SdkTest {};

TEST_F(SharedQueue, tells_the_root_that_registered_it_last) {
  start({.filters = {filter("shared_queue")}}, "info", 2);
  filtered({.url = "/a"});
  EXPECT_THAT(module_log(3), IsSupersetOf({"info: took /a", "info: took and more", "info: then 7"}));
}

TEST_F(SharedQueue, that_nobody_has_registered_is_not_found) {
  serve(filter("shared_queue", "writer"));
  filtered({.url = "/a"});
  EXPECT_THAT(module_log(1), ElementsAre("warning: no queue: 1"));
}

TEST_F(SharedQueue, is_found_by_the_vm_id_it_belongs_to) {
  envoy::WasmFilter named = filter("shared_queue");
  named.vm_id = "mine";
  serve(named);
  filtered({.url = "/a", .headers = {{"x-vm-id", "other"}}});
  EXPECT_THAT(module_log(1), ElementsAre("warning: no queue: 1"));
  filtered({.url = "/b", .headers = {{"x-vm-id", "mine"}}});
  EXPECT_THAT(module_log(2), testing::Contains("info: took /b"));
}

class Metrics : public SdkTest {};

TEST_F(Metrics, count_up_and_down_and_record) {
  serve(filter("metrics"));
  EXPECT_THAT(filtered({.url = "/a"}).values("x-total"), ElementsAre("1"));
  const http::Response second = filtered({.url = "/longer"});
  EXPECT_THAT(second.values("x-total"), ElementsAre("2"));
  EXPECT_THAT(second.values("x-open"), ElementsAre("1"));
  EXPECT_EQ(stat("wasmcustom.requests_total"), 2);
  pump_until([this] { return stat("wasmcustom.requests_open") == 0; });
  EXPECT_THAT(module_log(), testing::IsEmpty()) << "what cannot be counted is refused";
}

TEST_F(Metrics, keep_their_values_over_configurations) {
  envoy::WasmFilter metrics = filter("metrics", "a");
  start({.filters = {metrics}, .discovery_folder = folder_.path()});
  filtered({.url = "/a"});
  metrics.configuration = "b";
  ASSERT_TRUE(server_->swap(metrics));
  EXPECT_THAT(filtered({.url = "/a"}).values("x-total"), ElementsAre("2"));
}

TEST_F(Metrics, have_labels_that_envoy_makes_tags_of) {
  const auto regex = [](const std::string& label) { return "(;" + label + "=([^;]*))"; };
  start({.filters = {filter("metrics")},
         .stats_tags = {{"path", regex("path")}, {"status", regex("status")}, {"cached", regex("cached")}}},
        "info");
  filtered({.url = "/a"});
  filtered({.url = "/a"});
  filtered({.url = "/b;c=d/status/404"});
  const auto page = server_->prometheus();
  ASSERT_TRUE(page);
  EXPECT_THAT(*page, HasSubstr("\nrequests{path=\"/a\",status=\"200\",cached=\"false\"} 2\n"));
  EXPECT_THAT(*page, HasSubstr("\nrequests{path=\"/b_c_d/status/404\",status=\"404\",cached=\"false\"} 1\n"));
  EXPECT_THAT(*page, HasSubstr("\nlast_status{path=\"/a\"} 200\n"));
  EXPECT_THAT(*page, HasSubstr("\nrequests_total{} 3\n"));
}

TEST_F(Metrics, without_tags_keep_their_labels_in_the_name) {
  serve(filter("metrics"));
  filtered({.url = "/a"});
  EXPECT_EQ(stat("wasmcustom.requests;path=/a;status=200;cached=false"), 1);
}

}  // namespace
}  // namespace wasmup
