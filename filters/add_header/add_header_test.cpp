// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;

TEST(AddHeader, sets_its_header_on_every_response) {
  Host host;
  for (const int status : {200, 204, 304, 404, 500}) {
    const Exchange exchange = host.exchange(get("/"), reply(status));
    EXPECT_EQ(exchange.status(), status);
    EXPECT_THAT(exchange.client, HasHeader("x-wasm-custom", "FOO"));
  }
}

TEST(AddHeader, puts_its_value_in_place_of_the_upstreams) {
  Host host;
  const Headers upstream{{"x-wasm-custom", "upstream"}, {"x-wasm-custom", "again"}};
  EXPECT_THAT(host.exchange(get("/"), reply(200, "", upstream)).client, HasHeader("x-wasm-custom", "FOO"));
}

TEST(AddHeader, touches_nothing_else) {
  Host host;
  Message request = post("/path", "question", {{"x-one", "1"}, {"x-one", "2"}, {"x-empty", ""}});
  request.trailers = {{"x-request-trailer", "t"}};
  Message response =
      reply(200, "answer", {{"set-cookie", "a"}, {"set-cookie", "b"}, {"content-length", "6"}});
  response.trailers = {{"grpc-status", "0"}};

  const Exchange exchange = host.exchange(request, response);

  EXPECT_EQ(exchange.upstream, request);
  response.headers.add("x-wasm-custom", "FOO");
  EXPECT_EQ(exchange.client, response);
}

TEST(AddHeader, does_so_whatever_the_root_id_and_the_configuration) {
  for (const char* root_id : {"add_header_root", "another", ""}) {
    Host host(HostOptions{.plugin_configuration = "{}", .vm_configuration = "any", .root_id = root_id});
    ASSERT_TRUE(host.is_running()) << host.failure();
    EXPECT_THAT(host.exchange(get("/")).client, HasHeader("x-wasm-custom", "FOO"));
  }
}

TEST(AddHeader, costs_one_entry_and_one_hostcall_a_request) {
  Host host;
  EXPECT_EQ(host.vm_entries(), 0U) << "nothing to do when the configuration is loaded";
  host.exchange(post("/", "question"), reply(200, "answer"));
  EXPECT_EQ(host.vm_entries(), 1U);
  ASSERT_EQ(host.hostcalls().size(), 1U);
  EXPECT_EQ(host.hostcalls()[0].text,
            R"(proxy_replace_header_map_value(response_headers, "x-wasm-custom", "FOO") = ok)");
}

TEST(AddHeader, needs_no_more_memory_after_many_streams) {
  Host host;
  const auto before = host.memory_pages();
  for (int i = 0; i != 10'000; ++i) host.exchange(get("/"));
  EXPECT_EQ(host.memory_pages(), before);
}
