// SPDX-License-Identifier: MIT
// Attributes in a real Envoy: which are at hand in which callback, and in what form. tests/sdk has the same
// for the fake host.
#include "sdk_test.hpp"

namespace wasmup {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::MatchesRegex;
using testing::StartsWith;

class Attributes : public SdkTest {
 protected:
  /// Serves what shows all of them, and a cluster where nobody listens for requests with `x-dead: 1`.
  void serve_attributes() {
    const envoy::Upstream upstream = start_upstream();
    upstream_port_ = std::to_string(upstream.port);
    start({.upstream = upstream,
           .filters = {filter("typed_attributes")},
           .direct_response_path = "/direct",
           .clusters = {{.name = "nowhere", .upstream = {.port = 1}}},
           .routes = {{.header = "x-dead", .value = "1", .cluster = "nowhere"}}});
  }

  /// What was logged once this line, the last of a request's, is there.
  std::vector<std::string> log_of_request() {
    pump_until([this] { return testing::Value(module_log(), Contains("info: on_log no path : 2")); });
    return module_log();
  }

  std::string upstream_port_;
};

std::vector<std::string> info(const std::string& callback, const std::vector<std::string>& lines) {
  std::vector<std::string> all;
  all.reserve(lines.size());
  for (const std::string& line : lines) all.push_back("info: " + callback + " " + line);
  return all;
}

TEST_F(Attributes, of_the_plugin_alone_are_at_hand_in_a_root_context) {
  serve_attributes();
  pump_until([this] { return testing::Value(module_log(), Contains("info: on_configure no path : 2")); });
  const auto log = module_log();
  EXPECT_THAT(
      log, IsSupersetOf(info("on_configure", {"plugin_name = wasmup", "plugin_root_id = add_header_root",
                                              "plugin_vm_id = wasmup", "route_name : 1", "source_address : 1",
                                              "is_mtls : 1", "request_path : 1", "request_time : 1",
                                              "response_flags : 1", "headers : 1", "no path : 2"})));
  EXPECT_THAT(log, Contains(MatchesRegex("info: on_configure list = [a-zA-Z0-9.]+ .*"))) << "the node's are";
}

TEST_F(Attributes, are_typed_and_at_hand_where_they_are_documented_to_be) {
  serve_attributes();
  const std::string size = std::to_string(std::string("question").size());
  filtered({.url = "/status/201?q=1",
            .method = "POST",
            .headers = {{"x-request-id", "1234"}, {"x-a", "1"}, {"x-a", "2"}},
            .body = "question"});
  const auto log = log_of_request();
  const std::vector<std::string> always = {"plugin_name = wasmup",
                                           "route_name = ",
                                           "virtual_host_name = all",
                                           "cluster_name = upstream",
                                           "is_mtls = false",
                                           "requested_server_name = ",
                                           "tls_version : 1",
                                           "peer_subject : 1",
                                           "peer_uri_san : 1",
                                           "request_protocol = HTTP/1.1",
                                           "request_size = " + size,
                                           "response_flags = 0",
                                           "destination_port = " + std::to_string(server_->port()),
                                           "no bool : 4",
                                           "no number : 4",
                                           "nothing : 1",
                                           "no path : 2"};
  const std::vector<std::string> of_headers = {"request_id = 1234",
                                               "request_method = POST",
                                               "request_path = /status/201?q=1",
                                               "request_url_path = /status/201",
                                               "request_query = q=1",
                                               "request_scheme = http",
                                               "header = 1,2",
                                               "no list : 4"};
  const std::vector<std::string> no_headers = {
      "request_id : 1",    "request_method : 1", "request_path : 1",   "request_url_path : 1",
      "request_query : 1", "request_host : 1",   "request_scheme : 1", "headers = ",
      "header : 1",        "no list = "};
  const std::vector<std::string> no_upstream = {"upstream_address : 1", "upstream_port : 1",
                                                "upstream_failure_reason : 1"};
  const std::vector<std::string> upstream = {"upstream_address = 127.0.0.1:" + upstream_port_,
                                             "upstream_port = " + upstream_port_,
                                             "upstream_failure_reason = "};
  const std::vector<std::string> no_response = {"response_code : 1", "response_code_details : 1",
                                                "response_size = 0"};
  const std::vector<std::string> response = {"response_code = 201", "response_code_details = via_upstream"};

  for (const auto& lines : {always, of_headers, no_upstream, no_response}) {
    EXPECT_THAT(log, IsSupersetOf(info("on_request_headers", lines)));
  }
  for (const auto& lines : {always, no_headers, upstream, no_response}) {
    EXPECT_THAT(log, IsSupersetOf(info("on_request_body", lines)));
  }
  for (const auto& lines : {always, no_headers, upstream, response}) {
    EXPECT_THAT(log, IsSupersetOf(info("on_response_headers", lines)));
  }
  for (const auto& lines : {always, of_headers, upstream, response}) {
    EXPECT_THAT(log, IsSupersetOf(info("on_log", lines)));
  }
  EXPECT_THAT(log, Contains("info: on_request_headers request_host = wasmup.test"));
  EXPECT_THAT(log, Contains("info: on_log request_host = 127.0.0.1:" + upstream_port_))
      << "on_log has the request as it went on";
  EXPECT_THAT(log, Contains("info: on_response_headers request_duration : 1"));
  EXPECT_THAT(log, Contains(MatchesRegex("info: on_log request_duration = [0-9]+")));
  EXPECT_THAT(log, Contains(MatchesRegex("info: on_request_headers request_time = [0-9]{19}"))) << "ns";
  EXPECT_THAT(log, Contains(MatchesRegex("info: on_request_headers source_address = 127.0.0.1:[0-9]+")));
  EXPECT_THAT(log, Contains(MatchesRegex("info: on_request_headers source_port = [0-9]+")));
  EXPECT_THAT(log, Contains(MatchesRegex("info: on_request_headers connection_id = [0-9]+")));
  EXPECT_THAT(log, Contains(AllOf(StartsWith("info: on_request_headers headers = "), HasSubstr("x-a=1,2 "))));
}

TEST_F(Attributes, tell_why_there_is_no_upstream) {
  serve_attributes();
  EXPECT_EQ(filtered({.url = "/", .headers = {{"x-dead", "1"}}}).status, 503);
  const auto log = log_of_request();
  EXPECT_THAT(log, IsSupersetOf(info("on_response_headers",
                                     {"cluster_name = nowhere", "response_code = 503", "response_flags = 32",
                                      "upstream_address = 127.0.0.1:1"})));
  EXPECT_THAT(log, Contains(AllOf(StartsWith("info: on_response_headers upstream_failure_reason = "),
                                  HasSubstr("onnect"))));
  EXPECT_THAT(log, Contains(StartsWith("info: on_response_headers response_code_details = upstream_reset_")));
}

TEST_F(Attributes, know_no_upstream_where_envoy_answers_by_itself) {
  serve_attributes();
  EXPECT_EQ(filtered({.url = "/direct"}).status, 200);
  EXPECT_THAT(log_of_request(),
              IsSupersetOf(info("on_log", {"virtual_host_name = all", "cluster_name : 1",
                                           "response_code_details = direct_response", "upstream_address : 1",
                                           "upstream_failure_reason : 1"})));
}

TEST_F(Attributes, of_a_stream_are_at_hand_for_an_access_logger) {
  start({.upstream = start_upstream(), .access_loggers = {filter("typed_attributes")}});
  filtered({.url = "/status/404"});
  pump_until([this] { return testing::Value(module_log(), Contains("info: access logger no path : 2")); });
  EXPECT_THAT(module_log(),
              IsSupersetOf(info("access logger", {"request_path = /status/404", "response_code = 404",
                                                  "cluster_name = upstream"})));
}

}  // namespace
}  // namespace wasmup
