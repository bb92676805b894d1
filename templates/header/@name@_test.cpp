#include <wasmup/testing.hpp>

using namespace wasmup::testing;

namespace {

const std::string configuration = R"({"header": "x-@name@", "value": "hello"})";

}  // namespace

TEST(@Type@, sets_its_header_in_place_of_the_upstreams) {
  Host host(configuration);
  const Message response = reply(200, "body", {{"x-@name@", "upstream"}});
  EXPECT_THAT(host.exchange(get("/"), response).client, HasHeader("x-@name@", "hello"));
}

TEST(@Type@, leaves_the_request_alone) {
  Host host(configuration);
  EXPECT_EQ(host.exchange(get("/")).upstream, get("/"));
}

TEST(@Type@, refuses_a_configuration_without_a_header) {
  EXPECT_FALSE(Host(std::string("{}")).is_running());
}
