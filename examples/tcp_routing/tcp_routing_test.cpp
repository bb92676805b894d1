// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wasmup::LogLevel;

namespace {

std::optional<std::string> cluster_for(Host& host, const char* client) {
  host.set_property({"source", "address"}, client);
  host.open_connection();
  return host.property("envoy.tcp_proxy.cluster");
}

}  // namespace

TEST(TcpRouting, sends_a_client_where_the_first_line_that_fits_says) {
  Host host("192.0.2.7: one\n192.0.2. some\n[2001:db8: six");
  EXPECT_EQ(cluster_for(host, "192.0.2.7:40000"), "one");
  EXPECT_EQ(cluster_for(host, "192.0.2.70:40000"), "some");
  EXPECT_EQ(cluster_for(host, "[2001:db8::1]:40000"), "six");
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::info, "192.0.2.7:40000 goes to one"),
                                       Logged(LogLevel::info, "192.0.2.70:40000 goes to some"),
                                       Logged(LogLevel::info, "[2001:db8::1]:40000 goes to six")));
}

TEST(TcpRouting, leaves_all_others_to_the_tcp_proxy) {
  for (const char* configuration : {"192.0.2. some", ""}) {
    Host host(configuration);
    EXPECT_EQ(cluster_for(host, "198.51.100.1:40000"), std::nullopt) << configuration;
    EXPECT_THAT(host.logs(), IsEmpty());
  }
}

TEST(TcpRouting, says_so_when_envoy_does_not_take_the_cluster) {
  Host host("192.0.2. some");
  host.set_foreign_function("set_envoy_filter_state",
                            [](std::string_view) -> ForeignResult { return {wasmup::Status::not_found}; });
  EXPECT_EQ(cluster_for(host, "192.0.2.7:40000"), std::nullopt);
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::warn, "192.0.2.7:40000 cannot be sent to some")));
}

TEST(TcpRouting, refuses_a_configuration_with_a_line_that_is_no_route) {
  for (const char* configuration : {"192.0.2.", "192.0.2. some\n\n192.0.3. other", " some"}) {
    Host host(configuration);
    EXPECT_THAT(host.failure(), HasSubstr("on_configure returned false")) << configuration;
    EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::error, "is not ADDRESS CLUSTER")));
  }
}
