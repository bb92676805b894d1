// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <string>
#include <utility>

#include "header_map.hpp"
#include "implementation.hpp"
#include "local_reply.hpp"

/// One stream as Envoy's filter manager moves it through a Wasm filter. The numbers a callback returns mean
/// what Envoy's host makes of them: more than the 0 and 1 of the specification.
namespace wasmup::testing {
namespace {

enum HeadersAnswer : uint32_t {
  headers_continue = 0,
  headers_stop = 1,
  headers_end_stream = 2,
  headers_buffer = 3
};
enum BodyAnswer : uint32_t { body_continue = 0, body_buffer = 1, body_watermark = 2 };

abi::MapType map_of(bool is_request) {
  return is_request ? abi::MapType::request_headers : abi::MapType::response_headers;
}

std::optional<LocalReply> refusal_of(const Headers& headers, bool is_request) {
  return is_request ? header_map::refusal_of_request(headers) : header_map::refusal_of_response(headers);
}

std::string export_name(bool is_request, const char* part) {
  return std::string("proxy_on_") + (is_request ? "request_" : "response_") + part;
}

}  // namespace

uint32_t Host::Implementation::create_stream() {
  reload_when_due();
  const uint32_t id = next_id_++;
  streams_[id] =
      StreamState{.id = id, .root = serving_root_, .is_unfiltered = !failure.empty() && options.fail_open};
  const uint32_t arguments[] = {id, serving_root_};
  call(id, "proxy_on_context_create", arguments, 0);
  return id;
}

StreamState* Host::Implementation::find_stream(uint32_t id) {
  const auto found = streams_.find(id);
  return found != streams_.end() ? &found->second : nullptr;
}

/// Envoy logs a stream first, then ends it; whether it says it is done, nobody asks.
void Host::Implementation::close_stream(uint32_t id) {
  StreamState* const ending = find_stream(id);
  if (ending == nullptr || ending->is_deleted) return;
  ending->is_ending = true;
  log_once(*ending);
  call(id, "proxy_on_done", std::span(&id, 1), 1);
  call(id, "proxy_on_delete", std::span(&id, 1), 0);
  if (deletion_holds_ != 0) {
    ending->is_deleted = true;
    return;
  }
  streams_.erase(id);
  lost_.erase(id);
  end_unused_roots();
}

void Host::Implementation::release_deleted() {
  if (--deletion_holds_ != 0) return;
  std::erase_if(streams_, [this](const auto& one) {
    if (one.second.is_deleted) lost_.erase(one.first);
    return one.second.is_deleted;
  });
  end_unused_roots();
}

void Host::Implementation::log_once(StreamState& stream) {
  if (std::exchange(stream.is_logged, true)) return;
  const Flow& request = stream.request;
  const Flow& response = stream.response;
  const auto if_any = [](const Headers& headers) { return headers.empty() ? nullptr : &headers; };
  log(stream.id,
      {.request_headers = if_any(request.headers),
       .response_headers = if_any(response.headers_passed ? response.passed.headers : response.headers),
       .response_trailers = if_any(response.trailers)});
}

/// Once the VM is dead no callback runs: the streams it had are answered 503 as soon as more comes for them.
/// Those that begin later are too, or pass as if there were no filter.
bool Host::Implementation::fails(StreamState& stream) {
  if (failure.empty() && !lost_.contains(stream.id)) return false;
  if (stream.is_unfiltered) return false;
  if (stream.has_ended()) return true;
  if (stream.response.headers_passed) {
    stream.was_reset = true;
  } else {
    answer(stream, reply(503), false);
  }
  return true;
}

/// What a callback of this stream answers: to go on, when the module has no such callback.
uint32_t Host::Implementation::run_filter(StreamState& stream, bool is_request, const char* part,
                                          std::span<const uint32_t> arguments) {
  stream.is_decoding = is_request;
  const auto action = call(stream.id, export_name(is_request, part), arguments, 0);
  stream.is_decoding = false;
  return action.value_or(0);
}

/// Whether the callback just run has settled the matter: by a trap, a reply or a reset.
bool Host::Implementation::is_settled(StreamState& stream, bool is_request) {
  if (fails(stream)) return true;
  if (auto prepared = std::exchange(stream.prepared_reply, std::nullopt); prepared && !stream.was_reset) {
    answer(stream, *std::move(prepared), true);
  }
  return is_over(stream, is_request);
}

void Host::Implementation::headers(StreamState& stream, bool is_request, const Headers& headers,
                                   bool end_of_stream) {
  Flow& flow = is_request ? stream.request : stream.response;
  if (is_request) {
    stream.asker = {.is_grpc = is_grpc(headers), .is_head = headers.get(":method") == "HEAD"};
  }
  flow.headers = header_map::kept(map_of(is_request), headers);
  flow.came_complete = !refusal_of(flow.headers, is_request);
  flow.headers_at_hand = flow.has_started = true;
  flow.end_of_stream = flow.has_ended = end_of_stream;
  const uint32_t arguments[] = {stream.id, static_cast<uint32_t>(flow.headers.size()),
                                end_of_stream ? 1U : 0U};
  flow.in_headers_callback = true;
  const uint32_t action = run_filter(stream, is_request, "headers", arguments);
  flow.in_headers_callback = false;
  if (is_settled(stream, is_request)) return;
  const bool goes_on = action == headers_continue || action == headers_end_stream;
  if (std::exchange(flow.was_let_go, false)) {
    if (goes_on && !is_request) {
      ADD_FAILURE()
          << "the module let a response go in on_response_headers, and did not hold it: Envoy crashes";
    }
    if (!pass_headers(stream, is_request)) return;
    if (end_of_stream) return finish(flow);
  }
  if (goes_on) {
    flow.headers_at_hand = false;
    if (pass_headers(stream, is_request) && end_of_stream) finish(flow);
  } else if (action == headers_stop && options.allow_on_headers_stop_iteration) {
    flow.stop = Flow::Stop::single;
  } else {
    flow.stop = Flow::Stop::all;
    flow.buffers = action == headers_buffer;
  }
}

void Host::Implementation::body(StreamState& stream, bool is_request, std::string_view chunk,
                                bool end_of_stream) {
  Flow& flow = is_request ? stream.request : stream.response;
  if (flow.is_paused) {
    flow.unread.body += chunk;
    if (end_of_stream) (chunk.empty() ? flow.unread.has_empty_end : flow.unread.has_end) = true;
    return;
  }
  flow.has_ended = end_of_stream;
  if (flow.stop == Flow::Stop::all) {
    flow.waiting_body += chunk;
    flow.body_waits = true;
    hold(stream, is_request, flow.buffers);
    return;
  }
  flow.chunk = chunk;
  run_body(stream, is_request, end_of_stream);
}

void Host::Implementation::run_body(StreamState& stream, bool is_request, bool end_of_stream) {
  Flow& flow = is_request ? stream.request : stream.response;
  const bool was_held = flow.chunk_was_held;
  flow.chunk_was_held = false;
  if (flow.is_buffering) flow.buffered += std::exchange(flow.chunk, {});
  // A request's callback runs before that is answered, a response's does not.
  const bool is_too_long = flow.is_buffering && passes_limit(flow);
  if (is_too_long && !is_request) return refuse_length(stream, is_request);
  flow.end_of_stream = end_of_stream;
  flow.body_at_hand = flow.in_body_callback = true;
  const size_t size = flow.is_buffering ? flow.buffered.size() : flow.chunk.size();
  const uint32_t arguments[] = {stream.id, static_cast<uint32_t>(size), end_of_stream ? 1U : 0U};
  const uint32_t action = run_filter(stream, is_request, "body", arguments);
  flow.in_body_callback = false;
  if (is_settled(stream, is_request)) return;
  flow.is_buffering = false;
  if (is_too_long) return refuse_length(stream, is_request);
  switch (action) {
    case body_continue:
      flow.body_at_hand = false;
      flow.stop = Flow::Stop::none;
      if (!pass_headers(stream, is_request)) return;
      flow.passed.body += std::exchange(flow.buffered, {}) + std::exchange(flow.chunk, {});
      if (end_of_stream) finish(flow);
      read_on(stream, is_request);
      break;
    case body_buffer:
    case body_watermark:
      flow.stop = Flow::Stop::single;
      flow.buffered += std::exchange(flow.chunk, {});
      flow.is_buffering = action == body_buffer;
      if (!hold(stream, is_request, flow.is_buffering)) return;
      break;
    default:
      // Stopped without a buffer: what the filter does not keep is gone, but for what was in the buffer.
      flow.stop = Flow::Stop::single;
      if (was_held) flow.buffered += flow.chunk;
      flow.chunk.clear();
  }
  read_on(stream, is_request);
}

/// Whether it does now: who waits by then waits on, whatever the filter answers later.
bool Host::Implementation::passes_limit(Flow& flow) const {
  if (flow.is_past_limit || flow.held() <= options.buffer_limit) return false;
  flow.is_past_limit = true;
  return true;
}

/// Counts what is held. False when that is too much to buffer: the stream has ended.
bool Host::Implementation::hold(StreamState& stream, bool is_request, bool buffers) {
  Flow& flow = is_request ? stream.request : stream.response;
  if (!passes_limit(flow)) return true;
  flow.is_paused = !buffers;
  if (buffers) refuse_length(stream, is_request);
  return !buffers;
}

void Host::Implementation::refuse_length(StreamState& stream, bool is_request) {
  const LocalReply refusal = is_request ? LocalReply{.status = 413, .body = "Payload Too Large"}
                                        : LocalReply{.status = 500, .body = "Internal Server Error"};
  local_reply(stream, message_of(refusal, stream.asker));
}

/// What the sender had to wait with comes, once no more than half of the limit is held.
void Host::Implementation::read_on(StreamState& stream, bool is_request) {
  Flow& flow = is_request ? stream.request : stream.response;
  if (flow.held() > options.buffer_limit / 2 || is_over(stream, is_request)) return;
  flow.is_past_limit = false;
  if (!std::exchange(flow.is_paused, false)) return;
  Flow::Unread unread = std::exchange(flow.unread, {});
  if (!unread.body.empty() || unread.has_end) body(stream, is_request, unread.body, unread.has_end);
  if (unread.has_empty_end && !is_over(stream, is_request)) body(stream, is_request, {}, true);
  if (unread.trailers && !is_over(stream, is_request)) {
    trailers(stream, is_request, *std::move(unread.trailers));
  }
}

void Host::Implementation::trailers(StreamState& stream, bool is_request, const Headers& trailers) {
  Flow& flow = is_request ? stream.request : stream.response;
  if (flow.is_paused) {
    flow.unread.trailers = trailers;
    return;
  }
  flow.trailers = header_map::kept(
      is_request ? abi::MapType::request_trailers : abi::MapType::response_trailers, trailers);
  flow.has_ended = true;
  if (flow.stop == Flow::Stop::all) {
    flow.trailers_wait = true;
  } else {
    run_trailers(stream, is_request);
  }
}

void Host::Implementation::run_trailers(StreamState& stream, bool is_request) {
  Flow& flow = is_request ? stream.request : stream.response;
  flow.trailers_at_hand = true;
  const uint32_t arguments[] = {stream.id, static_cast<uint32_t>(flow.trailers.size())};
  flow.in_trailers_callback = true;
  const uint32_t action = run_filter(stream, is_request, "trailers", arguments);
  flow.in_trailers_callback = false;
  if (const bool was_let_go = std::exchange(flow.was_let_go, false);
      !is_request && action == 0 && (was_let_go || stream.was_closed)) {
    ADD_FAILURE() << "the module " << (was_let_go ? "let a response go" : "closed a stream")
                  << " in on_response_trailers, and did not hold it: Envoy crashes";
  }
  if (is_settled(stream, is_request)) return;
  if (action != 0) {
    flow.stop = Flow::Stop::single;
    return;
  }
  flow.trailers_at_hand = false;
  flow.stop = Flow::Stop::none;
  if (!pass_headers(stream, is_request)) return;
  flow.passed.body += std::exchange(flow.buffered, {});
  finish(flow);
}

/// False when Envoy answers in its place, because the filter took away what it cannot do without.
bool Host::Implementation::pass_headers(StreamState& stream, bool is_request) {
  Flow& flow = is_request ? stream.request : stream.response;
  if (flow.headers_passed) return true;
  if (const auto refusal = refusal_of(flow.headers, is_request); refusal && flow.came_complete) {
    answer(stream, message_of(*refusal, stream.asker), is_request);
    return false;
  }
  flow.passed.headers =
      is_request ? flow.headers
                 : header_map::sent_response(flow.headers, stream.request.headers.contains("upgrade"));
  flow.headers_passed = true;
  return true;
}

void Host::Implementation::finish(Flow& flow) const {
  if (options.enable_trailers) flow.passed.trailers = flow.trailers;
  flow.is_complete = true;
}

/// Whether what the callback just run asked for has settled the matter.
bool Host::Implementation::is_over(const StreamState& stream, bool is_request) {
  return stream.was_reset || (stream.is_answered && (is_request || stream.is_bypassing));
}

Status Host::Implementation::continue_stream(abi::StreamType type) {
  if (type > abi::StreamType::upstream) return Status::bad_argument;
  if (type == abi::StreamType::upstream) return Status::unimplemented;
  if (type == abi::StreamType::downstream) return continue_downstream();
  StreamState* const stream = current_stream();
  if (stream == nullptr) return Status::ok;
  // Of both directions Envoy drops the request's data, of neither the response's.
  stream->request.headers_at_hand = stream->request.body_at_hand = stream->request.trailers_at_hand = false;
  defer([this, id = stream->id, is_request = type == abi::StreamType::request] {
    if (StreamState* const waiting = find_stream(id)) resume(*waiting, is_request);
  });
  return Status::ok;
}

Status Host::Implementation::close_stream(abi::StreamType type) {
  if (type > abi::StreamType::upstream) return Status::bad_argument;
  if (type >= abi::StreamType::downstream) return close_connection();
  if (StreamState* const stream = current_stream()) {
    refuse_at_the_end(*stream, "closed a stream");
    defer([this, id = stream->id] {
      StreamState* const closing = find_stream(id);
      if (closing == nullptr) return;
      if (closing->is_deleted) return cut_late(*closing, "closed a stream");
      if (closing->has_ended() && !closing->is_ending) report_crash("closed a stream");
      closing->was_reset = closing->was_closed = true;
    });
  }
  return Status::ok;
}

/// What is too late there, and not only without effect.
void Host::Implementation::refuse_at_the_end(const StreamState& stream, std::string_view what) {
  if (stream.is_ending && !stream.is_deleted) report_crash(what);
}

/// The first time that has no effect on a stream that has been deleted.
void Host::Implementation::cut_late(StreamState& stream, std::string_view what) {
  if (std::exchange(stream.was_cut_late, true)) report_crash(what);
}

/// Envoy ends such a stream a second time.
void Host::Implementation::report_crash(std::string_view what) {
  ADD_FAILURE() << "the module " << what << " that had ended: Envoy crashes";
}

/// What was held goes on: past this filter, but for what it has not seen yet.
void Host::Implementation::resume(StreamState& stream, bool is_request) {
  Flow& flow = is_request ? stream.request : stream.response;
  if (flow.in_headers_callback || flow.in_trailers_callback) flow.was_let_go = true;
  if (!is_request && !flow.has_started && (!stream.is_ending || stream.is_deleted)) {
    ADD_FAILURE() << "the module let a response go that has not begun: Envoy crashes";
  }
  if (stream.is_deleted) {
    if (!is_request && flow.headers_passed) cut_late(stream, "let a response go");
    return;
  }
  if (!is_request && flow.stop != Flow::Stop::none && stream.was_reset && !stream.is_ending) {
    ADD_FAILURE() << "the module let a response go of a stream that had ended: Envoy sends what it holds";
  }
  if (flow.stop == Flow::Stop::none || is_over(stream, is_request)) return;
  const Flow::Stop stopped = std::exchange(flow.stop, Flow::Stop::none);
  if (!pass_headers(stream, is_request)) return;
  flow.passed.body += std::exchange(flow.buffered, {});
  flow.is_buffering = false;
  if (stopped == Flow::Stop::all && std::exchange(flow.body_waits, false)) {
    flow.chunk = std::exchange(flow.waiting_body, {});
    flow.chunk_was_held = true;
    run_body(stream, is_request, flow.has_ended && !flow.trailers_wait);
    if (flow.stop == Flow::Stop::all || is_over(stream, is_request)) return;
  }
  if (std::exchange(flow.trailers_wait, false)) {
    run_trailers(stream, is_request);
  } else if (flow.has_ended && flow.stop == Flow::Stop::none && !flow.is_complete) {
    finish(flow);
  }
  read_on(stream, is_request);
}

/// A reply of the filter's own: while no response has begun it goes through the filters, this one too; later,
/// also when that response is such a reply, straight to the client, and once response headers have gone out
/// not at all. A stream that has just been reset is still answered like that.
void Host::Implementation::local_reply(StreamState& stream, Message reply) {
  if (stream.is_deleted) {
    if (stream.response.headers_passed) cut_late(stream, "answered a stream");
    return;
  }
  if (stream.is_ending) return;
  if (stream.is_decoding && !stream.response.has_started) {
    if (!stream.prepared_reply) stream.prepared_reply = std::move(reply);
    return;
  }
  if (stream.has_ended()) {
    if (stream.response.headers_passed) return report_crash("answered a stream");
    log_once(stream);
    stream.was_reset = false;
  }
  if (!stream.response.has_started) {
    answer(stream, std::move(reply), true);
  } else if (!stream.response.headers_passed) {
    answer(stream, std::move(reply), false);
  } else {
    stream.was_reset = true;
  }
}

void Host::Implementation::answer(StreamState& stream, Message local, bool through_module) {
  stream.is_answered = true;
  stream.is_bypassing = !through_module;
  stream.response = Flow{};
  const bool has_body = !local.body.empty();
  if (!through_module) {
    stream.response.has_started = stream.response.headers_passed = stream.response.is_complete = true;
    stream.response.headers = local.headers;
    local.headers = header_map::sent_response(std::move(local.headers), false);
    stream.response.passed = std::move(local);
    return;
  }
  headers(stream, false, local.headers, !has_body);
  if (has_body && !is_over(stream, false)) body(stream, false, local.body, true);
}

// ---- the public face

namespace {

bool takes_more(const StreamState& stream) { return !stream.is_answered && !stream.was_reset; }

}  // namespace

Stream::Stream(Host::Implementation& host, uint32_t id) : host_(&host), id_(id) {}
Stream::Stream(Stream&& other) noexcept : host_(std::exchange(other.host_, nullptr)), id_(other.id_) {}
Stream::~Stream() { close(); }

void Stream::close() {
  if (host_ != nullptr) std::exchange(host_, nullptr)->close_stream(id_);
}

Stream& Stream::request_headers(const Headers& headers, bool end_of_stream) {
  StreamState& stream = host_->stream(id_);
  host_->headers(stream, true, headers, end_of_stream);
  return *this;
}

Stream& Stream::request_body(std::string_view chunk, bool end_of_stream) {
  StreamState& stream = host_->stream(id_);
  if (takes_more(stream)) host_->body(stream, true, chunk, end_of_stream);
  return *this;
}

Stream& Stream::request_trailers(const Headers& trailers) {
  if (!host_->options.enable_trailers) return request_body("", true);
  StreamState& stream = host_->stream(id_);
  if (takes_more(stream)) host_->trailers(stream, true, trailers);
  return *this;
}

Stream& Stream::response_headers(const Headers& headers, bool end_of_stream) {
  StreamState& stream = host_->stream(id_);
  if (takes_more(stream)) host_->headers(stream, false, headers, end_of_stream);
  return *this;
}

Stream& Stream::response_body(std::string_view chunk, bool end_of_stream) {
  StreamState& stream = host_->stream(id_);
  if (takes_more(stream)) host_->body(stream, false, chunk, end_of_stream);
  return *this;
}

Stream& Stream::response_trailers(const Headers& trailers) {
  if (!host_->options.enable_trailers) return response_body("", true);
  StreamState& stream = host_->stream(id_);
  if (takes_more(stream)) host_->trailers(stream, false, trailers);
  return *this;
}

DeferredDeletion::DeferredDeletion(Host::Implementation& host) : host_(&host) { host_->hold_deleted(); }
DeferredDeletion::DeferredDeletion(DeferredDeletion&& other) noexcept
    : host_(std::exchange(other.host_, nullptr)) {}
DeferredDeletion::~DeferredDeletion() {
  if (host_ != nullptr) host_->release_deleted();
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
  return flow.stop != Flow::Stop::none;
}

bool Stream::response_is_held() const {
  const Flow& flow = host_->stream(id_).response;
  return flow.stop != Flow::Stop::none;
}

}  // namespace wasmup::testing
