// SPDX-License-Identifier: MIT
#include <charconv>
#include <gtest/gtest.h>
#include <ostream>
#include <set>
#include <utility>
#include <vector>

#include <wasmup/testing/host.hpp>

#include "foreign_functions.hpp"
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

Host::Implementation::Implementation(HostOptions given, Observer* looks_on)
    : options(std::move(given)), observer(looks_on), random(options.random_seed) {
  offer_foreign_functions(*this);
  if (observer != nullptr) hold_deleted();
  if (options.trial_pass) {
    // Envoy tries a configuration out in a VM of its own, and drops that without a last word.
    start_vm();
    if (failure.empty()) start_root(options.plugin_configuration);
    roots_.clear();
    serving_root_ = 0;
    guest.reset();
    if (!failure.empty()) return;
  }
  start_vm();
  if (failure.empty()) start_root(options.plugin_configuration);
}

Host::Implementation::~Implementation() {
  if (guest == nullptr) return;  // the trial failed
  deletion_holds_ = 0;
  std::erase_if(streams_, [](const auto& one) { return one.second.is_deleted; });
  while (!connections_.empty()) end_connection(connections_.begin()->first);
  while (!streams_.empty()) close_stream(streams_.begin()->first);
  serving_root_ = 0;
  end_unused_roots();
  while (!roots_.empty()) delete_root(roots_.begin()->first);  // parked ones end with the VM
  if (const auto leaked = guest->unfreed_bytes(); failure.empty() && leaked && *leaked != 0) {
    ADD_FAILURE() << "the module leaks: of the bytes that hostcalls handed over, " << *leaked
                  << " were never freed";
  }
}

void Host::Implementation::start_vm() {
  guest = make_guest(
      [this](std::string_view name, std::span<const uint64_t> words) { return hostcall(name, words); });
  // _initialize, then main by one of its names; a command's _start where there is no _initialize.
  restriction_ = Restriction::starting;
  const auto run = [this](std::string_view name, std::span<const uint32_t> arguments) {
    if (!guest->exports(name)) return false;
    if (!guest->call(name, arguments) && failure.empty()) {
      failure = "the module trapped while it started: " + guest->trap();
    }
    return true;
  };
  if (run("_initialize", {})) {
    const uint32_t no_arguments[] = {0, 0};
    if (!run("main", no_arguments)) run("__main_void", {});
  } else {
    run("_start", {});
  }
  restriction_ = Restriction::none;
}

bool Host::Implementation::start_root(std::string configuration) {
  const uint32_t id = next_id_++;
  RootState& root = roots_[id];
  root.id = id;
  root.configuration = std::move(configuration);
  std::string refusal;
  const auto refused = [&](std::string_view name, size_t size) {
    const uint32_t arguments[] = {id, static_cast<uint32_t>(size)};
    const auto answer = call(id, name, arguments, 1);
    if (answer && *answer == 0) refusal = std::string(name.substr(6)) + " returned false";
    return !answer || *answer == 0;
  };
  const uint32_t creation[] = {id, 0};
  // The configuration is at hand while the root is made and while it is configured, not in between.
  configuring_root_ = id;
  bool failed = !call(id, "proxy_on_context_create", creation, 0);
  configuring_root_ = 0;
  failed = failed || refused("proxy_on_vm_start", options.vm_configuration.size());
  configuring_root_ = id;
  failed = failed || refused("proxy_on_configure", root.configuration.size());
  configuring_root_ = 0;
  if (!failed) {
    serving_root_ = id;
    end_unused_roots();
    return true;
  }
  if (serving_root_ != 0) {
    // Envoy has found out in a VM of its own, and left this one alone.
    end_unused_roots();
    return false;
  }
  // The first one decides whether there is a VM at all; its root goes with the VM, without a word.
  roots_.erase(id);
  if (failure.empty()) failure = refusal;
  return false;
}

void Host::Implementation::end_unused_roots() {
  std::set<uint32_t> used = {serving_root_};
  for (const auto& [id, stream] : streams_) used.insert(stream.root);
  for (const auto& [id, connection] : connections_) used.insert(connection.root);
  std::vector<uint32_t> ended;
  for (const auto& [id, root] : roots_) {
    if (!used.contains(id) && !root.is_parked && !root.is_done) ended.push_back(id);
  }
  for (const uint32_t id : ended) {
    const auto is_finished = call(id, "proxy_on_done", std::span(&id, 1), 1);
    RootState* const ending = root(id);
    if (ending == nullptr) continue;
    if (is_finished && *is_finished == 0) {
      ending->is_parked = true;
    } else {
      delete_root(id);
    }
  }
}

void Host::Implementation::delete_root(uint32_t id) {
  call(id, "proxy_on_delete", std::span(&id, 1), 0);
  roots_.erase(id);
  // What it still waits for is cancelled, without a word to the module.
  std::erase_if(http_calls.pending, [id](const auto& one) { return one.second.root == id; });
  std::erase_if(grpc_calls.open, [id](const auto& one) { return one.second.root == id; });
}

Status Host::Implementation::root_done() {
  RootState* const asking = current_root();
  if (asking == nullptr || !asking->is_parked) return Status::not_found;
  asking->is_parked = false;
  asking->is_done = true;
  defer([this, id = asking->id] { delete_root(id); });
  return Status::ok;
}

void Host::Implementation::advance(std::chrono::nanoseconds time) {
  const auto until = now + time;
  for (;;) {
    auto next = until;
    std::function<void()> due;
    const auto consider = [&](std::chrono::nanoseconds when, auto action) {
      if (when > until || (due && when >= next)) return;
      next = when;
      due = std::move(action);
    };
    for (auto& [id, root] : roots_) {
      if (root.tick_period.count() != 0) consider(root.next_tick, [this, id] { tick(id); });
    }
    for (const auto& [token, pending] : http_calls.pending) {
      if (pending.deadline) consider(*pending.deadline, [this, token] { time_out_http_call(token); });
    }
    for (const auto& [token, open] : grpc_calls.open) {
      if (open.deadline) consider(*open.deadline, [this, token] { time_out_grpc_call(token); });
    }
    if (!due) break;
    now = next;
    due();
  }
  now = until;
}

void Host::Implementation::tick(uint32_t id) {
  RootState& ticking = roots_.at(id);
  if (!guest->exports("proxy_on_tick")) {
    ticking.tick_period = {};  // Envoy does not arm the timer again
    return;
  }
  ticking.next_tick += ticking.tick_period;
  call(id, "proxy_on_tick", std::span(&id, 1), 0);
}

std::optional<uint32_t> Host::Implementation::call(uint32_t context, std::string_view name,
                                                   std::span<const uint32_t> arguments, uint32_t if_absent) {
  if (!failure.empty() || lost_.contains(context)) return std::nullopt;
  if (!guest->exports(name)) return if_absent;
  const uint32_t outer_context = std::exchange(current_context_, context);
  const uint32_t outer_effective = std::exchange(effective_context_, 0);
  ++vm_entries;
  ++call_depth_;
  if (observer != nullptr) observer->entered(context, name, arguments);
  const auto answer = guest->call(name, arguments);
  if (observer != nullptr) observer->left(name, answer);
  --call_depth_;
  current_context_ = outer_context;
  effective_context_ = outer_effective;
  if (!answer) {
    failure = "the module trapped in " + std::string(name) + ": " + guest->trap();
    if (options.reload) reload_at_ = now + std::chrono::seconds(1);
  }
  if (call_depth_ == 0) run_deferred();
  return answer;
}

void Host::Implementation::run_deferred() {
  while (!deferred_.empty()) {
    const auto action = std::move(deferred_.front());
    deferred_.pop_front();
    action();
  }
}

/// After a trap: a fresh VM, once the back-off is over. Streams of the old one stay lost.
void Host::Implementation::reload_when_due() {
  if (!reload_at_ || now < *reload_at_) return;
  reload_at_.reset();
  for (const auto& [id, stream] : streams_) lost_.insert(id);
  for (const auto& [id, connection] : connections_) lost_.insert(id);
  const RootState* const serving = root(serving_root_);
  std::string configuration = serving != nullptr ? serving->configuration : options.plugin_configuration;
  roots_.clear();
  http_calls.pending.clear();
  grpc_calls.open.clear();
  metrics.by_id.clear();
  failure.clear();
  serving_root_ = 0;
  guest.reset();
  start_vm();
  if (failure.empty()) start_root(std::move(configuration));
}

size_t Host::Implementation::parked_roots() const {
  size_t count = 0;
  for (const auto& [id, root] : roots_) count += root.is_parked ? 1 : 0;
  return count;
}

void Host::Implementation::log(uint32_t id, const LogEntry& entry) {
  const LogEntry* const outer = std::exchange(log_entry_, &entry);
  call(id, "proxy_on_log", std::span(&id, 1), 0);
  log_entry_ = outer;
}

// ---- the public face

Host::Host(HostOptions options) : implementation_(std::make_unique<Implementation>(std::move(options))) {}
Host::Host(std::string plugin_configuration)
    : Host(HostOptions{.plugin_configuration = std::move(plugin_configuration)}) {}
Host::Host(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Host::~Host() = default;

bool Host::is_running() const { return implementation_->failure.empty(); }
std::string Host::failure() const { return implementation_->failure; }

Exchange Host::exchange(const Message& request, const Message& response) {
  Stream stream = open_stream();
  const auto send = [&stream](const Message& message, auto headers, auto body, auto trailers) {
    const bool has_trailers = !message.trailers.empty();
    (stream.*headers)(message.headers, message.body.empty() && !has_trailers);
    if (!message.body.empty()) (stream.*body)(message.body, !has_trailers);
    if (has_trailers) (stream.*trailers)(message.trailers);
  };
  send(request, &Stream::request_headers, &Stream::request_body, &Stream::request_trailers);
  const StreamState& state = implementation_->stream(stream.id_);
  if (state.request.is_complete && !state.is_answered && !state.was_reset) {
    send(response, &Stream::response_headers, &Stream::response_body, &Stream::response_trailers);
  }
  return stream.so_far();
}

DeferredDeletion Host::defer_deletion() { return DeferredDeletion(*implementation_); }

Stream Host::open_stream() { return {*implementation_, implementation_->create_stream()}; }

bool Host::reconfigure(std::string plugin_configuration) {
  return implementation_->start_root(std::move(plugin_configuration));
}

void Host::advance(std::chrono::milliseconds time) { implementation_->advance(time); }

void Host::set_foreign_function(std::string_view name, ForeignFunction function) {
  implementation_->foreign_functions[std::string(name)] = std::move(function);
}
size_t Host::route_cache_clearings() const { return implementation_->route_cache_clearings; }

void Host::log(const Message& request, const Message& response) {
  const LogEntry entry{.request_headers = &request.headers,
                       .response_headers = &response.headers,
                       .response_trailers = response.trailers.empty() ? nullptr : &response.trailers};
  implementation_->log(implementation_->serving_root(), entry);
}

size_t Host::parked_roots() const { return implementation_->parked_roots(); }

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
