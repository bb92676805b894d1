// SPDX-License-Identifier: MIT
#include <charconv>
#include <gtest/gtest.h>
#include <ostream>
#include <utility>

#include <wasmup/testing/host.hpp>

#include "implementation.hpp"
#include "names.hpp"

namespace wasmup::testing {
namespace {

std::string join(std::initializer_list<std::string_view> path) {
  std::string joined;
  for (const std::string_view segment : path) {
    if (!joined.empty()) joined += '\0';
    joined += segment;
  }
  return joined;
}

}  // namespace

// ---- messages and records

Message get(std::string_view path, const Headers& headers) { return post(path, {}, headers); }

Message post(std::string_view path, std::string_view body, const Headers& headers) {
  Headers all{{":method", body.empty() ? "GET" : "POST"},
              {":scheme", "http"},
              {":authority", "www.example.com"},
              {":path", std::string(path)}};
  for (const auto& [name, value] : headers) all.add(name, value);
  return {std::move(all), std::string(body), {}};
}

Message reply(int status, std::string_view body, const Headers& headers) {
  Headers all{{":status", std::to_string(status)}};
  for (const auto& [name, value] : headers) all.add(name, value);
  return {std::move(all), std::string(body), {}};
}

int Exchange::status() const {
  const std::string value = client ? client->headers.get(":status").value_or("") : "";
  int status = 0;
  std::from_chars(value.data(), value.data() + value.size(), status);
  return status;
}

std::ostream& operator<<(std::ostream& out, const LogLine& line) {
  return out << name_of(line.level) << ": " << line.text;
}

std::ostream& operator<<(std::ostream& out, const Hostcall& call) { return out << call.text; }

// ---- the VM and its roots

Host::Implementation::Implementation(HostOptions given) : options(std::move(given)) {
  guest = make_guest(
      [this](std::string_view name, std::span<const uint64_t> words) { return hostcall(name, words); });
  is_restricted_ = true;
  for (const std::string_view start : {"_initialize", "_start"}) {
    if (!guest->exports(start)) continue;
    if (!guest->call(start, {})) failure = "the module trapped while it started: " + guest->trap();
    break;
  }
  is_restricted_ = false;
  if (failure.empty()) start_root(options.plugin_configuration);
}

Host::Implementation::~Implementation() {
  while (!streams_.empty()) close_stream(streams_.begin()->first);
  serving_root_ = 0;
  end_unused_roots();
  if (const auto leaked = guest->unfreed_bytes(); failure.empty() && leaked && *leaked != 0) {
    ADD_FAILURE() << "the module leaks: of the bytes that hostcalls handed over, " << *leaked
                  << " were never freed";
  }
}

bool Host::Implementation::start_root(std::string configuration) {
  const uint32_t id = next_id_++;
  RootState& root = roots_[id] = RootState{.id = id, .configuration = std::move(configuration)};
  in_configure_ = true;
  std::string refusal;
  const auto refused = [&](std::string_view name, size_t size) {
    const uint32_t arguments[] = {id, static_cast<uint32_t>(size)};
    const auto answer = call(id, name, arguments, 1);
    if (answer && *answer == 0) refusal = std::string(name.substr(6)) + " returned false";
    return !answer || *answer == 0;
  };
  const uint32_t creation[] = {id, 0};
  const bool failed = !call(id, "proxy_on_context_create", creation, 0) ||
                      refused("proxy_on_vm_start", options.vm_configuration.size()) ||
                      refused("proxy_on_configure", root.configuration.size());
  in_configure_ = false;
  if (!failed) {
    serving_root_ = id;
    end_unused_roots();
    return true;
  }
  // The first configuration decides whether there is a VM at all; a later one leaves the one that serves.
  const bool is_first = serving_root_ == 0;
  end_unused_roots();
  if (is_first && failure.empty()) failure = refusal;
  return false;
}

void Host::Implementation::end_unused_roots() {
  for (auto root = roots_.begin(); root != roots_.end();) {
    const uint32_t id = root->first;
    bool is_used = id == serving_root_;
    for (const auto& [stream_id, stream] : streams_) is_used = is_used || stream.root == id;
    if (is_used) {
      ++root;
      continue;
    }
    call(id, "proxy_on_done", std::span(&id, 1), 1);
    call(id, "proxy_on_delete", std::span(&id, 1), 0);
    root = roots_.erase(root);
  }
}

void Host::Implementation::advance(std::chrono::milliseconds time) {
  const auto until = now + time;
  for (;;) {
    RootState* due = nullptr;
    for (auto& [id, root] : roots_) {
      if (root.tick_period.count() == 0 || root.next_tick > until) continue;
      if (due == nullptr || root.next_tick < due->next_tick) due = &root;
    }
    if (due == nullptr) break;
    now = due->next_tick;
    due->next_tick += due->tick_period;
    if (!guest->exports("proxy_on_tick")) {
      due->tick_period = {};  // Envoy does not arm the timer again
    } else {
      const uint32_t id = due->id;
      call(id, "proxy_on_tick", std::span(&id, 1), 0);
    }
  }
  now = until;
}

std::optional<uint32_t> Host::Implementation::call(uint32_t context, std::string_view name,
                                                   std::span<const uint32_t> arguments, uint32_t if_absent) {
  if (!failure.empty()) return std::nullopt;
  if (!guest->exports(name)) return if_absent;
  const uint32_t outer = std::exchange(current_context_, context);
  ++vm_entries;
  const auto answer = guest->call(name, arguments);
  current_context_ = outer;
  if (!answer) {
    trapped_context_ = context;
    failure = "the module trapped in " + std::string(name) + ": " + guest->trap();
  }
  return answer;
}

// ---- the public face

Host::Host(HostOptions options) : implementation_(std::make_unique<Implementation>(std::move(options))) {}
Host::Host(std::string plugin_configuration)
    : Host(HostOptions{.plugin_configuration = std::move(plugin_configuration)}) {}
Host::~Host() = default;

bool Host::is_running() const { return implementation_->failure.empty(); }
std::string Host::failure() const { return implementation_->failure; }

Exchange Host::exchange(Message request, Message response) {
  Stream stream = open_stream();
  const auto send = [&stream](Message& message, auto headers, auto body, auto trailers) {
    const bool has_trailers = !message.trailers.empty();
    (stream.*headers)(std::move(message.headers), message.body.empty() && !has_trailers);
    if (!message.body.empty()) (stream.*body)(message.body, !has_trailers);
    if (has_trailers) (stream.*trailers)(std::move(message.trailers));
  };
  send(request, &Stream::request_headers, &Stream::request_body, &Stream::request_trailers);
  const StreamState& state = implementation_->stream(stream.id_);
  if (state.request.is_complete && !state.is_answered && !state.was_reset) {
    send(response, &Stream::response_headers, &Stream::response_body, &Stream::response_trailers);
  }
  return stream.so_far();
}

Stream Host::open_stream() { return {*implementation_, implementation_->create_stream()}; }

bool Host::reconfigure(std::string plugin_configuration) {
  return implementation_->start_root(std::move(plugin_configuration));
}

void Host::advance(std::chrono::milliseconds time) { implementation_->advance(time); }

void Host::set_property(std::initializer_list<std::string_view> path, std::string_view value) {
  implementation_->attributes[join(path)] = value;
}

std::optional<std::string> Host::property(std::string_view name) const {
  const auto found = implementation_->kept_properties.find(name);
  if (found == implementation_->kept_properties.end()) return std::nullopt;
  return found->second;
}

const std::vector<LogLine>& Host::logs() const { return implementation_->logs; }
const std::vector<Hostcall>& Host::hostcalls() const { return implementation_->hostcalls; }
size_t Host::vm_entries() const { return implementation_->vm_entries; }
std::optional<size_t> Host::memory_pages() const { return implementation_->guest->memory_pages(); }

void Host::clear_records() {
  implementation_->logs.clear();
  implementation_->hostcalls.clear();
  implementation_->vm_entries = 0;
}

}  // namespace wasmup::testing
