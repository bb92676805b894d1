// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <utility>

#include "implementation.hpp"
#include "local_reply.hpp"

/// What comes of call-outs: answers, failures and time-outs, handed to the root that owns the call, whether
/// or not the stream that made it is still there.
namespace wasmup::testing {
namespace {

template <class Map>
auto take(Map& map, uint32_t token) {
  auto node = map.extract(token);
  if (node.empty()) ADD_FAILURE() << "no call " << token << " waits for an answer (any more)";
  return node;
}

}  // namespace

/// A call-out's answer; no message is a reset.
void Host::Implementation::answer_http_call(uint32_t token, const Message* response) {
  const auto node = take(http_calls.pending, token);
  if (node.empty()) return;
  const uint32_t id = node.mapped().root;
  RootState* const asking = root(id);
  if (asking == nullptr) return;
  if (response == nullptr) {
    asking->status_code = static_cast<uint32_t>(Status::broken_connection);
    asking->status_message = "reset";
  } else {
    http_calls.answer = response;
    http_calls.body = response->body;
  }
  const auto count = [](size_t size) { return static_cast<uint32_t>(size); };
  const uint32_t arguments[] = {id, token, response != nullptr ? count(response->headers.size()) : 0,
                                response != nullptr ? count(response->body.size()) : 0,
                                response != nullptr ? count(response->trailers.size()) : 0};
  call(id, "proxy_on_http_call_response", arguments, 0);
  http_calls.answer = nullptr;
  if (RootState* const answered = root(id)) answered->status_message.clear();
}

/// Envoy answers a call-out by itself that takes too long, or that it cannot send.
void Host::Implementation::time_out_http_call(uint32_t token) {
  const Message answer = http_calls.pending.at(token).refusal.value_or(
      message_of({.status = 504, .body = "upstream request timeout"}, {}));
  answer_http_call(token, &answer);
}

// ---- the public face

std::vector<HttpCall> Host::http_calls() const {
  std::vector<HttpCall> calls;
  for (const auto& [token, pending] : implementation_->http_calls.pending) {
    if (!pending.refusal) calls.push_back(pending.call);
  }
  return calls;
}

void Host::answer(const HttpCall& call, const Message& response) {
  implementation_->answer_http_call(call.token, &response);
}

void Host::fail(const HttpCall& call) { implementation_->answer_http_call(call.token, nullptr); }

}  // namespace wasmup::testing
