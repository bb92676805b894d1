// SPDX-License-Identifier: MIT
#include <chrono>
#include <vector>

#include <wasmup/wasmup.hpp>

using namespace std::chrono_literals;
using wasmup::HeadersAction;

/// Asks a service about each request: with the request's headers as they may travel, with a few of them, or,
/// where x-as says so, with all of them by hand.
struct Forwarding : wasmup::HttpFilter<> {
  HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    const auto as = headers.get("x-as");
    const auto all = headers.all();
    if (*as == "some") return ask({*all, {"X-API-Key", "content-length", "cookie"}}, {});
    if (*as != "by hand") return ask(*all, {});
    std::vector<wasmup::Header> by_hand;
    for (const wasmup::PairView header : *all) {
      if (!header.name.starts_with(':')) by_hand.push_back({header.name, header.value});
    }
    return ask({}, by_hand);
  }

 private:
  HeadersAction ask(const wasmup::ForwardedHeaders& forward, const std::vector<wasmup::Header>& by_hand) {
    const auto sent = wasmup::http_call(*this,
                                        {.cluster = "auth",
                                         .method = "GET",
                                         .authority = "auth.internal",
                                         .path = "/check",
                                         .timeout = 2s,
                                         .headers = {{"x-user", "filter"}},
                                         .more_headers = by_hand,
                                         .forward = forward},
                                        [](Forwarding&, wasmup::HttpCallResponse answer) {
                                          if (answer.status() == 200)
                                            return wasmup::continue_request().ignore();
                                          wasmup::send_local_response({.status = 403}).ignore();
                                        });
    if (sent) return HeadersAction::hold_all;
    wasmup::log::info("not sent");
    wasmup::send_local_response({.status = 503}).ignore();
    return HeadersAction::hold_all;
  }
};

WASMUP_REGISTER(Forwarding)
