// SPDX-License-Identifier: MIT
#include "watch.hpp"

#include <algorithm>
#include <utility>

namespace wasmup::testing::simulation {
namespace {

/// What reaches out to a stream: nothing that a stream which has ended can be meant by.
constexpr std::string_view acting[] = {"proxy_continue_stream",        "proxy_close_stream",
                                       "proxy_send_local_response",    "proxy_add_header_map_value",
                                       "proxy_set_header_map_pairs",   "proxy_replace_header_map_value",
                                       "proxy_remove_header_map_value"};

bool acts(std::string_view hostcall) { return std::ranges::find(acting, hostcall) != std::end(acting); }

bool is_answer(std::string_view callback) {
  return callback == "proxy_on_http_call_response" || callback.starts_with("proxy_on_grpc_");
}

/// The name in `proxy_get_header_map_value(request_headers, "x-key") = ok`, or nothing.
std::string header_asked_for(std::string_view call) {
  constexpr std::string_view beginning = "proxy_get_header_map_value(request_headers, \"";
  if (!call.starts_with(beginning)) return {};
  call.remove_prefix(beginning.size());
  return std::string(call.substr(0, call.find('"')));
}

constexpr size_t longest_trace = 20'000;
/// One hostcall of so many fails in a run of random failures.
constexpr size_t one_of = 25;

}  // namespace

void Watch::begin_event(uint32_t serial) {
  event_ = serial;
  nth_ = 0;
}

void Watch::accuse(const std::string& what) {
  if (std::ranges::find(accusations_, what) != accusations_.end()) return;
  accusations_.push_back(what);
  note("  !! " + what);
}

std::optional<uint32_t> Watch::asker_of(uint32_t token) const {
  const auto found = askers_.find(token);
  return found != askers_.end() ? std::optional(found->second) : std::nullopt;
}

void Watch::entered(uint32_t context, std::string_view callback, std::span<const uint32_t> arguments) {
  std::string text(callback);
  text += '(';
  for (const uint32_t argument : arguments) {
    text += (text.ends_with('(') ? "" : ", ") + std::to_string(argument);
  }
  note(indent() + text + ")");
  Frame frame{.callback = std::string(callback), .context = context};
  if (is_answer(callback) && arguments.size() > 1) frame.asker = asker_of(arguments[1]);
  frames_.push_back(std::move(frame));
}

void Watch::left(std::string_view, std::optional<uint32_t> answer) {
  frames_.pop_back();
  note(indent() + (answer ? "= " + std::to_string(*answer) : "trapped"));
  if (trace_.size() > longest_trace) trace_.resize(longest_trace);
}

std::optional<Status> Watch::refuses(std::string_view hostcall) {
  const Failures* const failures = failures_of(hostcall);
  if (failures == nullptr) return std::nullopt;
  ++nth_;
  made_.push_back({event_, nth_, std::string(hostcall)});
  std::optional<uint32_t> status;
  if (const auto& fault = plan_.name.fault; fault && fault->event == event_ && fault->nth == nth_) {
    status = fault->status;
  } else if (plan_.fails_at_random && event_ != at_start) {
    Random random(plan_.name.seed ^ (uint64_t{event_} << 20) ^ (uint64_t{nth_} << 40));
    if (random.below(one_of) == 0) status = random.pick(failures->statuses);
  }
  if (!status) return std::nullopt;
  ++failed_;
  excuses_.insert(failures->excuse);
  return static_cast<Status>(*status);
}

void Watch::called(std::string_view hostcall, uint32_t context, std::span<const uint64_t> words) {
  if (host_ == nullptr || !acts(hostcall)) return;
  // Headers of a call-out's answer are no stream's.
  const bool is_map = hostcall.find("header_map") != std::string_view::npos;
  if (is_map && !words.empty() && words[0] > static_cast<uint64_t>(abi::MapType::response_trailers)) return;
  if (host_->is_deleted(context)) {
    accuse("the filter acts on a stream that has ended (its on_delete has run): " + std::string(hostcall));
    return;
  }
  if (!options_.streams_are_apart || frames_.empty() || !frames_.back().asker) return;
  const uint32_t asker = *frames_.back().asker;
  if (context != asker && streams_.contains(asker) && streams_.contains(context)) {
    accuse("the filter acts on another stream than the one that asked, in " + frames_.back().callback + ": " +
           std::string(hostcall));
  }
}

void Watch::count_reply(uint32_t context) {
  const StreamState* const stream = host_->find_stream(context);
  if (stream == nullptr) return;
  uint32_t& count =
      stream->response.has_started ? replies_[context].to_response : replies_[context].to_request;
  if (++count == 2) {
    accuse(std::string("the filter answers a ") + (stream->response.has_started ? "response" : "request") +
           " twice: proxy_send_local_response");
  }
}

void Watch::answered(const Hostcall& call, uint32_t context) {
  note(indent() + call.text);
  if (std::string name = header_asked_for(call.text); !name.empty())
    headers_asked_for_.insert(std::move(name));
  if (host_ == nullptr || call.status != Status::ok) return;
  if (call.name == "proxy_http_call") {
    askers_[host_->http_calls.next_token - 4] = context;
  } else if (call.name == "proxy_grpc_call") {
    askers_[host_->grpc_calls.next_call_token - 4] = context;
  } else if (call.name == "proxy_grpc_stream") {
    askers_[host_->grpc_calls.next_stream_token - 4] = context;
  } else if (call.name == "proxy_send_local_response") {
    count_reply(context);
  }
}

}  // namespace wasmup::testing::simulation
