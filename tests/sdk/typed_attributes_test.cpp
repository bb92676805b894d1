// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <wasmup/testing.hpp>

using namespace std::chrono_literals;
using namespace wasmup::testing;
using ::testing::Contains;
using ::testing::IsSupersetOf;

namespace {

std::vector<std::string> lines(const Host& host) {
  std::vector<std::string> texts;
  for (const LogLine& line : host.logs()) texts.push_back(line.text);
  return texts;
}

/// What a test may set: everything that is not told by the messages themselves.
void set_attributes(Host& host) {
  host.set_property({"xds", "route_name"}, "a route");
  host.set_property({"xds", "cluster_name"}, "a cluster");
  host.set_property({"xds", "node", "extensions", "0", "type_urls"}, AttributeValue::list({"One", "Two"}));
  host.set_property({"source", "address"}, "192.0.2.1:40000");
  host.set_property({"source", "port"}, 40000);
  host.set_property({"connection", "id"}, uint64_t{7});
  host.set_property({"connection", "mtls"}, true);
  host.set_property({"connection", "requested_server_name"}, "");
  host.set_property({"request", "time"}, std::chrono::sys_days{std::chrono::January / 1 / 2026} + 1ms);
  host.set_property({"request", "duration"}, 250us);
  host.set_property({"upstream", "port"}, 8080);
}

}  // namespace

TEST(TypedAttributes, are_read_as_what_they_are_in_the_callbacks_that_have_them) {
  Host host;
  set_attributes(host);
  host.exchange(post("/p?q=1", "body", {{"x-request-id", "1234"}, {"x-a", "1"}, {"x-a", "2"}}), reply(201));
  const std::string headers =
      "on_request_headers headers = :method=POST :scheme=http :authority=www.example.com :path=/p?q=1 "
      "x-request-id=1234 x-a=1,2 x-a=1,2 ";
  EXPECT_THAT(lines(host), IsSupersetOf<std::string>({
                               "on_configure plugin_name = filter",
                               "on_configure plugin_root_id = add_header_root",
                               "on_configure plugin_vm_id = filter",
                               "on_configure request_path : 1",
                               "on_request_headers route_name = a route",
                               "on_request_headers cluster_name = a cluster",
                               "on_request_headers list = One Two ",
                               "on_request_headers source_address = 192.0.2.1:40000",
                               "on_request_headers source_port = 40000",
                               "on_request_headers connection_id = 7",
                               "on_request_headers is_mtls = true",
                               "on_request_headers requested_server_name = ",
                               "on_request_headers tls_version : 1",
                               "on_request_headers request_id = 1234",
                               "on_request_headers request_method = POST",
                               "on_request_headers request_path = /p?q=1",
                               "on_request_headers request_url_path = /p",
                               "on_request_headers request_query = q=1",
                               "on_request_headers request_host = www.example.com",
                               "on_request_headers request_scheme = http",
                               "on_request_headers request_time = 1767225600001000000",
                               "on_request_headers request_duration : 1",
                               "on_request_headers response_code : 1",
                               "on_request_headers response_flags = 0",
                               "on_request_headers upstream_port : 1",
                               headers,
                               "on_request_headers header = 1,2",
                               "on_request_body request_path : 1",
                               "on_request_body headers = ",
                               "on_request_body header : 1",
                               "on_request_body upstream_port = 8080",
                               "on_response_headers request_path : 1",
                               "on_response_headers route_name = a route",
                               "on_response_headers response_code = 201",
                               "on_log request_path = /p?q=1",
                               "on_log request_duration = 250000",
                               "on_log response_code = 201",
                           }));
}

TEST(TypedAttributes, are_told_wrong_by_their_size) {
  Host host;
  set_attributes(host);
  host.exchange(get("/"));
  EXPECT_THAT(lines(host), IsSupersetOf({"on_request_headers no bool : 4", "on_request_headers no number : 4",
                                         "on_request_headers no list : 4", "on_request_headers nothing : 1",
                                         "on_request_headers no path : 2"}));
}

TEST(TypedAttributes, of_a_stream_are_not_at_hand_in_a_root_context) {
  Host host;
  set_attributes(host);
  host.clear_records();
  ASSERT_TRUE(host.reconfigure("again"));
  EXPECT_THAT(lines(host), IsSupersetOf({"on_configure route_name : 1", "on_configure source_port : 1",
                                         "on_configure response_flags : 1", "on_configure headers : 1"}));
  EXPECT_THAT(lines(host), Contains("on_configure list = One Two ")) << "the node's are";
}

TEST(TypedAttributes, are_at_hand_in_a_root_context_that_logs) {
  Host host;
  set_attributes(host);
  host.clear_records();
  host.log(get("/logged"), reply(204));
  EXPECT_THAT(lines(host),
              IsSupersetOf({"access logger request_path = /logged", "access logger request_duration = 250000",
                            "access logger route_name = a route", "access logger upstream_port = 8080"}));
}
