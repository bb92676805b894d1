// SPDX-License-Identifier: MIT
#include <string>
#include <utility>

#include "implementation.hpp"

/// One stream as Envoy's filter manager moves it through a Wasm filter. The numbers a callback returns mean
/// what Envoy's host makes of them: more than the 0 and 1 of the specification.
namespace wasmup::testing {
namespace {

enum HeadersAnswer : uint32_t { headers_continue = 0, headers_stop = 1, headers_end_stream = 2 };
enum BodyAnswer : uint32_t { body_continue = 0, body_buffer = 1, body_watermark = 2 };

std::string export_name(bool is_request, const char* part) {
  return std::string("proxy_on_") + (is_request ? "request_" : "response_") + part;
}

}  // namespace

uint32_t Host::Implementation::create_stream() {
  const uint32_t id = next_id_++;
  streams_[id] = StreamState{.id = id, .root = serving_root_};
  const uint32_t arguments[] = {id, serving_root_};
  call(id, "proxy_on_context_create", arguments, 0);
  return id;
}

void Host::Implementation::close_stream(uint32_t id) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  found->second.request.headers_at_hand = found->second.response.headers_at_hand = false;
  call(id, "proxy_on_log", std::span(&id, 1), 0);
  call(id, "proxy_on_done", std::span(&id, 1), 1);
  call(id, "proxy_on_delete", std::span(&id, 1), 0);
  streams_.erase(found);
  end_unused_roots();
}

/// Once the VM is dead no callback runs: the stream is answered 503, or passes as if there were no filter.
/// The stream in which the module trapped gets its 503 either way.
bool Host::Implementation::fails(StreamState& stream, bool is_request) {
  if (failure.empty()) return false;
  if (options.fail_open && trapped_context_ != stream.id) return false;
  if (is_request || !stream.response.headers_passed) {
    if (!stream.is_answered) answer(stream, reply(503), false);
  } else {
    stream.was_reset = true;
  }
  return true;
}

void Host::Implementation::headers(StreamState& stream, bool is_request, Headers headers,
                                   bool end_of_stream) {
  Flow& flow = is_request ? stream.request : stream.response;
  flow.headers = std::move(headers);
  flow.headers_at_hand = true;
  flow.end_of_stream = end_of_stream;
  const uint32_t arguments[] = {stream.id, static_cast<uint32_t>(flow.headers.size()),
                                end_of_stream ? 1U : 0U};
  const uint32_t answer_given =
      call(stream.id, export_name(is_request, "headers"), arguments, headers_continue)
          .value_or(headers_continue);
  if (fails(stream, is_request)) return;
  if (stream.wanted_reply) return settle(stream, is_request);
  if (answer_given == headers_continue || answer_given == headers_end_stream) {
    pass_headers(flow);
    if (end_of_stream) flow.is_complete = true;
  } else if (answer_given == headers_stop && options.allow_on_headers_stop_iteration) {
    flow.hold = Flow::Hold::headers;
  } else {
    flow.hold = Flow::Hold::all;
  }
}

void Host::Implementation::body(StreamState& stream, bool is_request, std::string_view chunk,
                                bool end_of_stream) {
  Flow& flow = is_request ? stream.request : stream.response;
  if (flow.hold == Flow::Hold::all) return;  // waits in the connection
  flow.end_of_stream = end_of_stream;
  (flow.is_buffering ? flow.held : flow.chunk) += chunk;
  flow.in_body_callback = true;
  const size_t size = flow.is_buffering ? flow.held.size() : flow.chunk.size();
  const uint32_t arguments[] = {stream.id, static_cast<uint32_t>(size), end_of_stream ? 1U : 0U};
  const uint32_t answer_given =
      call(stream.id, export_name(is_request, "body"), arguments, body_continue).value_or(body_continue);
  flow.in_body_callback = false;
  flow.is_buffering = false;
  if (fails(stream, is_request)) return;
  if (stream.wanted_reply) return settle(stream, is_request);
  if (answer_given == body_continue) {
    flow.hold = Flow::Hold::none;
    pass_headers(flow);
    flow.passed.body += std::exchange(flow.held, {}) + std::exchange(flow.chunk, {});
    if (end_of_stream) finish(flow, flow.trailers.empty() ? nullptr : &flow.trailers);
  } else if (answer_given == body_buffer || answer_given == body_watermark) {
    flow.held += std::exchange(flow.chunk, {});
    flow.is_buffering = answer_given == body_buffer;
  } else {
    flow.chunk.clear();  // stopped without a buffer: what the filter does not keep is gone
  }
}

void Host::Implementation::trailers(StreamState& stream, bool is_request, Headers trailers) {
  Flow& flow = is_request ? stream.request : stream.response;
  if (flow.hold == Flow::Hold::all) return;
  flow.trailers = std::move(trailers);
  flow.trailers_at_hand = true;
  const uint32_t arguments[] = {stream.id, static_cast<uint32_t>(flow.trailers.size())};
  const uint32_t answer_given =
      call(stream.id, export_name(is_request, "trailers"), arguments, 0).value_or(0);
  if (fails(stream, is_request)) return;
  if (stream.wanted_reply) return settle(stream, is_request);
  if (answer_given != 0) {
    flow.hold = Flow::Hold::all;
    return;
  }
  pass_headers(flow);
  flow.passed.body += std::exchange(flow.held, {});
  finish(flow, &flow.trailers);
}

void Host::Implementation::pass_headers(Flow& flow) {
  if (flow.headers_passed) return;
  flow.passed.headers = flow.headers;
  flow.headers_passed = true;
  flow.headers_at_hand = false;
}

void Host::Implementation::finish(Flow& flow, const Headers* trailers) {
  if (trailers != nullptr) flow.passed.trailers = *trailers;
  flow.trailers_at_hand = false;
  flow.is_complete = true;
}

/// Sends the local reply that the callback just run asked for.
void Host::Implementation::settle(StreamState& stream, bool is_request) {
  Message local = *std::exchange(stream.wanted_reply, std::nullopt);
  if (stream.is_answered) return;
  if (is_request) {
    answer(stream, std::move(local), true);
  } else if (!stream.response.headers_passed) {
    answer(stream, std::move(local), false);
  } else {
    stream.was_reset = true;  // too late for another response
  }
}

/// A reply of the filter's own. While no response has begun it goes through the filters, this one too; later
/// straight to the client.
void Host::Implementation::answer(StreamState& stream, Message local, bool through_module) {
  stream.is_answered = true;
  stream.request.headers_at_hand = stream.request.trailers_at_hand = false;
  stream.response = Flow{};
  const bool has_body = !local.body.empty();
  if (!through_module) {
    stream.response.passed = std::move(local);
    stream.response.headers_passed = stream.response.is_complete = true;
    return;
  }
  headers(stream, false, std::move(local.headers), !has_body);
  if (has_body) body(stream, false, local.body, true);
}

// ---- the public face

Stream::Stream(Host::Implementation& host, uint32_t id) : host_(&host), id_(id) {}
Stream::Stream(Stream&& other) noexcept : host_(std::exchange(other.host_, nullptr)), id_(other.id_) {}
Stream::~Stream() { close(); }

void Stream::close() {
  if (host_ != nullptr) std::exchange(host_, nullptr)->close_stream(id_);
}

Stream& Stream::request_headers(Headers headers, bool end_of_stream) {
  StreamState& stream = host_->stream(id_);
  host_->headers(stream, true, std::move(headers), end_of_stream);
  return *this;
}

Stream& Stream::request_body(std::string_view chunk, bool end_of_stream) {
  StreamState& stream = host_->stream(id_);
  if (!stream.is_answered) host_->body(stream, true, chunk, end_of_stream);
  return *this;
}

Stream& Stream::request_trailers(Headers trailers) {
  StreamState& stream = host_->stream(id_);
  if (!stream.is_answered) host_->trailers(stream, true, std::move(trailers));
  return *this;
}

Stream& Stream::response_headers(Headers headers, bool end_of_stream) {
  StreamState& stream = host_->stream(id_);
  if (!stream.is_answered) host_->headers(stream, false, std::move(headers), end_of_stream);
  return *this;
}

Stream& Stream::response_body(std::string_view chunk, bool end_of_stream) {
  StreamState& stream = host_->stream(id_);
  if (!stream.is_answered) host_->body(stream, false, chunk, end_of_stream);
  return *this;
}

Stream& Stream::response_trailers(Headers trailers) {
  StreamState& stream = host_->stream(id_);
  if (!stream.is_answered) host_->trailers(stream, false, std::move(trailers));
  return *this;
}

Exchange Stream::so_far() const {
  const StreamState& stream = host_->stream(id_);
  Exchange exchange;
  if (stream.request.headers_passed) exchange.upstream = stream.request.passed;
  if (stream.response.headers_passed) exchange.client = stream.response.passed;
  exchange.was_reset = stream.was_reset;
  return exchange;
}

bool Stream::request_is_held() const {
  const Flow& flow = host_->stream(id_).request;
  return flow.hold != Flow::Hold::none || !flow.held.empty();
}

bool Stream::response_is_held() const {
  const Flow& flow = host_->stream(id_).response;
  return flow.hold != Flow::Hold::none || !flow.held.empty();
}

}  // namespace wasmup::testing
