// SPDX-License-Identifier: MIT
#include <cstdint>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::IsEmpty;

TEST(RequestTag, is_the_request_id_everywhere) {
  Host host;
  host.set_property({"request", "id"}, "b0b1");
  const Exchange exchange = host.exchange(get("/", {{"x-request-id", "b0b1"}}));
  EXPECT_THAT(exchange.upstream, HasHeader("x-tag", "b0b1"));
  EXPECT_THAT(exchange.client, HasHeader("x-tag", "b0b1"));
  EXPECT_EQ(host.property("tag"), "b0b1");
}

TEST(RequestTag, is_the_connection_when_there_is_no_request_id) {
  Host host;
  host.set_property({"source", "address"}, "192.0.2.1:40000");
  host.set_property({"connection", "id"}, uint64_t{7});
  const Exchange exchange = host.exchange(get("/"));
  EXPECT_THAT(exchange.upstream, HasHeader("x-tag", "192.0.2.1:40000#7"));
  EXPECT_THAT(exchange.client, HasHeader("x-tag", "192.0.2.1:40000#7"));
  EXPECT_EQ(host.property("tag"), "192.0.2.1:40000#7");
}

TEST(RequestTag, believes_neither_client_nor_upstream) {
  Host host;
  host.set_property({"request", "id"}, "b0b1");
  const Exchange exchange = host.exchange(get("/", {{"x-tag", "mine"}, {"x-tag", "mine too"}}),
                                          reply(200, "", {{"x-tag", "other"}}));
  EXPECT_THAT(exchange.upstream, HasHeader("x-tag", "b0b1"));
  EXPECT_THAT(exchange.client, HasHeader("x-tag", "b0b1"));
}

TEST(RequestTag, belongs_to_its_request) {
  Host host;
  Stream first = host.open_stream();
  Stream second = host.open_stream();
  host.set_property({"request", "id"}, "1");
  first.request_headers(get("/").headers);
  host.set_property({"request", "id"}, "2");
  second.request_headers(get("/").headers);
  second.response_headers(reply().headers);
  first.response_headers(reply().headers);
  EXPECT_THAT(first.so_far().client, HasHeader("x-tag", "1"));
  EXPECT_THAT(second.so_far().client, HasHeader("x-tag", "2"));
  EXPECT_THAT(host.logs(), IsEmpty());
}
