// SPDX-License-Identifier: MIT
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <wasmup/abi.hpp>
#include <wasmup/detail/names.hpp>

#include "wasi_steps.hpp"

/// A module that does what its plugin configuration says, and logs what the host answers: raw hostcalls, none
/// of the SDK. A line of the configuration says what one callback does, step by step:
///
///     request_headers: get request_headers :path; return 1
///     2 request_headers: reply 403 no
///
/// The second line is for stream 2 alone ("3 tick" is the VM's third tick); one that begins with "last" is
/// for the end of a message, one with "served" for roots of a VM that has seen a stream, and so not of those
/// that Envoy keeps besides. A callback is logged when it has a line, if an empty one; each step is logged
/// with its status and what came of it. Contexts go by their role ("stream 2"), the same in every host.
namespace {

using namespace wasmup;
using Pairs = std::vector<std::pair<std::string, std::string>>;

/// The bytes that a word of a script stands for: %0d is a carriage return, %20 a space, %25 the sign itself.
std::string unescaped(std::string_view word) {
  std::string bytes;
  for (size_t i = 0; i != word.size(); ++i) {
    uint8_t byte = 0;
    const std::string_view digits = word.substr(i + 1, 2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    const bool is_escape = word[i] == '%' && error == std::errc() && digits.size() == 2;
    bytes += is_escape ? static_cast<char>(byte) : word[i];
    if (is_escape) i += 2;
  }
  return bytes;
}

/// The other way round, for the log: what is no visible ASCII but a space.
std::string escaped(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= ' ' && byte <= '~' && c != '%') {
      text += c;
    } else {
      text += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return text;
}

/// Words of a step, one by one. What cannot stand in one is written as unescaped() says.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}

  std::string next() { return unescaped(raw()); }
  uint32_t number() {
    const std::string_view word = raw();
    uint32_t value = 0;
    std::from_chars(word.data(), word.data() + word.size(), value);
    return value;
  }
  /// What is left, as name=value.
  Pairs pairs() {
    Pairs all;
    for (std::string_view word = raw(); !word.empty(); word = raw()) {
      const size_t equals = std::min(word.find('='), word.size());
      all.emplace_back(unescaped(word.substr(0, equals)),
                       unescaped(word.substr(std::min(equals + 1, word.size()))));
    }
    return all;
  }
  template <class Enum, size_t count>
  Enum one_of(const std::string_view (&names)[count]) {
    const std::string_view word = raw();
    for (size_t i = 0; i != count; ++i) {
      if (names[i] == word) return static_cast<Enum>(i);
    }
    return static_cast<Enum>(99);
  }
  abi::MapType map() {
    static constexpr std::string_view names[] = {"request_headers",   "request_trailers", "response_headers",
                                                 "response_trailers", "grpc_initial",     "grpc_trailing",
                                                 "call_headers",      "call_trailers"};
    return one_of<abi::MapType>(names);
  }
  abi::BufferType buffer() {
    static constexpr std::string_view names[] = {
        "request_body", "response_body",    "downstream",           "upstream",         "call_body",
        "grpc_message", "vm_configuration", "plugin_configuration", "foreign_arguments"};
    return one_of<abi::BufferType>(names);
  }
  abi::StreamType stream() {
    static constexpr std::string_view names[] = {"request", "response", "downstream", "upstream"};
    return one_of<abi::StreamType>(names);
  }

 private:
  std::string_view raw() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
    const std::string_view word = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(word.size());
    return word;
  }

  std::string_view rest_;
};

std::string name_of(Status status) {
  constexpr auto& names = wasmup::detail::names::statuses;
  const auto number = static_cast<size_t>(status);
  return number < names.size() ? std::string(names[number]) : std::to_string(number);
}

void log(std::string_view text) { abi::proxy_log(LogLevel::info, text.data(), text.size()); }

/// What a hostcall hands over belongs to the module.
struct Handed {
  ~Handed() { std::free(data); }
  std::string_view view() const { return {data, size}; }

  char* data = nullptr;
  size_t size = 0;
};

std::string outcome(Status status, std::string_view value) {
  return status == Status::ok ? "ok \"" + escaped(value) + "\"" : name_of(status);
}

void put_u32(std::string& out, size_t number) {
  for (int shift = 0; shift != 32; shift += 8) out += static_cast<char>(number >> shift);
}

std::string encode(const Pairs& pairs) {
  std::string out;
  put_u32(out, pairs.size());
  for (const auto& [name, value] : pairs) {
    put_u32(out, name.size());
    put_u32(out, value.size());
  }
  for (const auto& [name, value] : pairs) out.append(name).append(1, '\0').append(value).append(1, '\0');
  return out;
}

uint32_t u32_at(std::string_view bytes, size_t at) {
  uint32_t number = 0;
  for (size_t i = 0; i != 4 && at + i < bytes.size(); ++i) {
    number |= uint32_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  }
  return number;
}

struct Context {
  uint32_t id;
  uint32_t root;
  size_t number;  ///< counted from 1, roots and streams apart
  std::string script;
};

/// What the module knows of its VM.
struct Vm {
  std::vector<Context> contexts;
  std::vector<uint32_t> roots;  ///< by number, as they were made; ids stay when the context has gone
  std::vector<uint32_t> streams;
  size_t ticks = 0;
  uint32_t announced = 0;  ///< how many pairs the callback that runs was told of

  Context* find(uint32_t id) {
    for (Context& context : contexts) {
      if (context.id == id) return &context;
    }
    return nullptr;
  }
};
Vm vm;

// ---- steps: each answers what is logged behind "="

std::string get(Words in) {
  const abi::MapType map = in.map();
  const std::string name = in.next();
  Handed value;
  const Status status =
      abi::proxy_get_header_map_value(map, name.data(), name.size(), &value.data, &value.size);
  return outcome(status, value.view());
}

std::string pairs(Words in) {
  Handed blob;
  const Status status = abi::proxy_get_header_map_pairs(in.map(), &blob.data, &blob.size);
  if (status != Status::ok) return name_of(status);
  if (blob.size == 0) return "ok none";
  return u32_at(blob.view(), 0) == vm.announced ? "ok as announced"
                                                : "ok " + std::to_string(u32_at(blob.view(), 0));
}

std::string size(Words in) {
  const abi::MapType map = in.map();
  size_t answer = 0;
  Handed blob;
  const Status status = abi::proxy_get_header_map_size(map, &answer);
  if (status != Status::ok) return name_of(status);
  abi::proxy_get_header_map_pairs(map, &blob.data, &blob.size);
  size_t bytes = 0;
  for (size_t i = 0; i != 2 * size_t{u32_at(blob.view(), 0)}; ++i) bytes += u32_at(blob.view(), 4 + 4 * i);
  return answer == bytes ? "ok the bytes of names and values" : "ok " + std::to_string(answer);
}

std::string set_blob(abi::MapType map, std::string_view blob) {
  return name_of(abi::proxy_set_header_map_pairs(map, blob.data(), blob.size()));
}
std::string set(Words in) {
  const abi::MapType map = in.map();
  return set_blob(map, encode(in.pairs()));
}
std::string set_many(Words in) {
  const abi::MapType map = in.map();
  return set_blob(map, encode(Pairs(in.number(), {"x-a", "1"})));
}
std::string set_long(Words in) {
  const abi::MapType map = in.map();
  return set_blob(map, encode({{"x-a", std::string(in.number(), 'x')}}));
}
std::string set_malformed(Words in) { return set_blob(in.map(), encode({{"x-a", "1"}}) + "!"); }

std::string change(Words in, decltype(abi::proxy_add_header_map_value) how) {
  const abi::MapType map = in.map();
  const std::string name = in.next();
  const std::string value = in.next();
  return name_of(how(map, name.data(), name.size(), value.data(), value.size()));
}
std::string add(Words in) { return change(in, abi::proxy_add_header_map_value); }
std::string replace(Words in) { return change(in, abi::proxy_replace_header_map_value); }
std::string remove(Words in) {
  const abi::MapType map = in.map();
  const std::string name = in.next();
  return name_of(abi::proxy_remove_header_map_value(map, name.data(), name.size()));
}

std::string bytes(Words in) {
  const abi::BufferType buffer = in.buffer();
  const uint32_t start = in.number();
  Handed data;
  const Status status = abi::proxy_get_buffer_bytes(buffer, start, in.number(), &data.data, &data.size);
  return outcome(status, data.view());
}
std::string buffer_size(Words in) {
  size_t size = 0;
  uint32_t flags = 0;
  const Status status = abi::proxy_get_buffer_status(in.buffer(), &size, &flags);
  return status == Status::ok ? "ok " + std::to_string(size) + ", flags " + std::to_string(flags)
                              : name_of(status);
}
std::string write(Words in) {
  const abi::BufferType buffer = in.buffer();
  const uint32_t start = in.number();
  const uint32_t count = in.number();
  const std::string data = in.next();
  return name_of(abi::proxy_set_buffer_bytes(buffer, start, count, data.data(), data.size()));
}

std::string resume(Words in) { return name_of(abi::proxy_continue_stream(in.stream())); }
std::string close(Words in) { return name_of(abi::proxy_close_stream(in.stream())); }
std::string send_reply(std::string_view details, Words in) {
  const uint32_t status = in.number();
  const std::string body = in.next();
  const std::string headers = encode(in.pairs());
  return name_of(abi::proxy_send_local_response(status, details.data(), details.size(), body.data(),
                                                body.size(), headers.data(), headers.size(),
                                                abi::no_grpc_status));
}
std::string reply(Words in) { return send_reply("by the probe", in); }
std::string reply_with_details(Words in) {
  const std::string details = in.next();
  return send_reply(details, in);
}
std::string effective(Words in) {
  const std::string role = in.next();
  const uint32_t number = in.number();
  const std::vector<uint32_t>& ids = role == "root" ? vm.roots : vm.streams;
  uint32_t id = role == "none" ? 0 : 9999;
  if (number != 0 && number <= ids.size()) id = ids[number - 1];
  return name_of(abi::proxy_set_effective_context(id));
}

std::string send_call(Words in, std::string_view body) {
  const std::string cluster = in.next();
  const std::string path = in.next();
  const uint32_t timeout = in.number();
  Pairs headers = in.pairs();
  if (headers.empty()) headers = {{":method", "GET"}, {":path", path}, {":authority", "probe"}};
  const std::string blob = encode(headers);
  uint32_t token = 0;
  return name_of(abi::proxy_http_call(cluster.data(), cluster.size(), blob.data(), blob.size(), body.data(),
                                      body.size(), nullptr, 0, timeout, &token));
}
/// `call CLUSTER PATH MILLISECONDS [name=value]...`: with those headers instead of the usual ones, if any.
std::string call(Words in) { return send_call(in, {}); }
/// The same with a body, which comes first.
std::string call_with_body(Words in) {
  const std::string body = in.next();
  return send_call(in, body);
}
/// `grpc_call CLUSTER`: without a time-out; `grpc_call_to BYTES` with these as the service.
std::string send_grpc_call(std::string_view target) {
  static constexpr std::string_view service = "a.Service";
  static constexpr std::string_view method = "Method";
  uint32_t token = 0;
  return name_of(abi::proxy_grpc_call(target.data(), target.size(), service.data(), service.size(),
                                      method.data(), method.size(), nullptr, 0, nullptr, 0, 1 << 30, &token));
}
std::string grpc_call(Words in) {
  const std::string cluster = in.next();
  const auto field = [](const std::string& text) {
    return "\n" + std::string(1, static_cast<char>(text.size())) + text;
  };
  return send_grpc_call(field(field(cluster)));  // envoy_grpc.cluster_name of a GrpcService
}
std::string grpc_call_to(Words in) { return send_grpc_call(in.next()); }
std::string call_status(Words) {
  uint32_t code = 0;
  Handed message;
  const Status status = abi::proxy_get_status(&code, &message.data, &message.size);
  return outcome(status, std::to_string(code) + " " + std::string(message.view()));
}

std::string done(Words) { return name_of(abi::proxy_done()); }
std::string tick(Words in) { return name_of(abi::proxy_set_tick_period_milliseconds(in.number())); }
std::string level(Words) {
  LogLevel level{};
  const Status status = abi::proxy_get_log_level(&level);
  return status == Status::ok ? "ok " + std::to_string(static_cast<int>(level)) : name_of(status);
}
std::string log_at(Words in) {
  const auto level = static_cast<LogLevel>(in.number());
  const std::string text = in.next();
  return name_of(abi::proxy_log(level, text.data(), text.size()));
}

/// A dot in a path stands for the byte between segments.
std::string path_of(std::string path) {
  for (char& c : path) c = c == '.' ? '\0' : c;
  return path;
}
std::string property(Words in) {
  const std::string path = path_of(in.next());
  Handed value;
  const Status status = abi::proxy_get_property(path.data(), path.size(), &value.data, &value.size);
  return outcome(status, value.view());
}
std::string set_property(Words in) {
  const std::string path = path_of(in.next());
  const std::string value = in.next();
  return name_of(abi::proxy_set_property(path.data(), path.size(), value.data(), value.size()));
}
std::string foreign(Words in) {
  const std::string name = in.next();
  const std::string data = in.next();
  Handed results;
  const Status status = abi::proxy_call_foreign_function(name.data(), name.size(), data.data(), data.size(),
                                                         &results.data, &results.size);
  return outcome(status, results.view());
}
std::string trap(Words) { __builtin_trap(); }

struct Step {
  std::string_view name;
  std::string (*run)(Words);
};
constexpr Step steps[] = {
    {"get", get},
    {"pairs", pairs},
    {"size", size},
    {"set", set},
    {"set_many", set_many},
    {"set_long", set_long},
    {"set_malformed", set_malformed},
    {"add", add},
    {"replace", replace},
    {"remove", remove},
    {"bytes", bytes},
    {"buffer_size", buffer_size},
    {"write", write},
    {"continue", resume},
    {"close", close},
    {"reply", reply},
    {"reply_with_details", reply_with_details},
    {"effective", effective},
    {"call", call},
    {"call_with_body", call_with_body},
    {"grpc_call", grpc_call},
    {"grpc_call_to", grpc_call_to},
    {"call_status", call_status},
    {"done", done},
    {"tick", tick},
    {"level", level},
    {"log", log_at},
    {"property", property},
    {"set_property", set_property},
    {"foreign", foreign},
    {"trap", trap},
    {"wasi", [](Words in) { return wasi_steps::run(in.next()); }},
};

// ---- callbacks

/// What follows "name:", or nothing when there is no such line.
std::optional<std::string_view> find_line(std::string_view script, std::string_view name) {
  for (size_t at = 0; at < script.size();) {
    const size_t end = std::min(script.find('\n', at), script.size());
    const std::string_view line = script.substr(at, end - at);
    at = end + 1;
    if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == ':') {
      return line.substr(name.size() + 1);
    }
  }
  return std::nullopt;
}

std::string at_end(uint32_t is_end) { return is_end != 0 ? ", the end" : ""; }

/// Runs a callback's line: `detail` is logged of how it was called. Gives what "return" says, or `answer`.
uint32_t run(const std::string& callback, uint32_t id, const std::string& detail, uint32_t answer) {
  const Context* const context = vm.find(id);
  if (context == nullptr) return answer;
  const bool is_root = context->root == id;
  const Context* const root = vm.find(context->root);
  const std::string script = root != nullptr ? root->script : "";
  const std::string number = std::to_string(context->number);
  std::optional<std::string_view> found = find_line(script, callback);
  if (const auto last = find_line(script, "last " + callback); last && detail.ends_with(at_end(1)))
    found = last;
  if (const auto served = find_line(script, "served " + callback); served && is_root && !vm.streams.empty())
    found = served;
  const std::string own_number = is_root ? std::to_string(vm.ticks) : number;
  if (const auto own = find_line(script, own_number + " " + callback)) found = own;
  if (!found) return answer;
  std::string_view line = *found;
  log((is_root ? "root " : "stream ") + number + ": " + callback + detail);
  while (!line.empty()) {
    std::string_view text = line.substr(0, line.find(';'));
    line.remove_prefix(std::min(text.size() + 1, line.size()));
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    Words words(text);
    const std::string name = words.next();
    if (name == "return") answer = words.number();
    for (const Step& step : steps) {
      if (step.name == name) log(std::string(text) + " = " + step.run(words));
    }
  }
  return answer;
}

std::string body_detail(uint32_t size, uint32_t is_end) {
  return " of " + std::to_string(size) + at_end(is_end);
}

uint32_t run_headers(const char* name, uint32_t id, uint32_t count, uint32_t is_end) {
  vm.announced = count;
  return run(name, id, at_end(is_end), 0);
}
uint32_t run_trailers(const char* name, uint32_t id, uint32_t count) {
  vm.announced = count;
  return run(name, id, " of " + std::to_string(count), 0);
}

}  // namespace

#define EXPORT(name) extern "C" __attribute__((export_name(#name)))

EXPORT(proxy_abi_version_0_2_1) void proxy_abi_version_0_2_1() {}
EXPORT(proxy_on_memory_allocate) void* allocate(size_t size) { return std::malloc(size); }

EXPORT(proxy_on_context_create) void on_context_create(uint32_t id, uint32_t parent) {
  const bool is_root = parent == 0;
  std::vector<uint32_t>& ids = is_root ? vm.roots : vm.streams;
  ids.push_back(id);
  vm.contexts.push_back({id, is_root ? id : parent, ids.size(), ""});
  if (is_root) {
    Handed script;
    abi::proxy_get_buffer_bytes(abi::BufferType::plugin_configuration, 0, 1 << 20, &script.data,
                                &script.size);
    vm.contexts.back().script = script.view();
  }
  run("context_create", id, "", 0);
}
EXPORT(proxy_on_vm_start) uint32_t on_vm_start(uint32_t id, uint32_t size) {
  return run("vm_start", id, " of " + std::to_string(size), 1);
}
EXPORT(proxy_on_configure) uint32_t on_configure(uint32_t id, uint32_t) {
  return run("configure", id, "", 1);
}
EXPORT(proxy_on_tick) void on_tick(uint32_t id) {
  ++vm.ticks;
  run("tick", id, "", 0);
}
EXPORT(proxy_on_done) uint32_t on_done(uint32_t id) { return run("done", id, "", 1); }
EXPORT(proxy_on_log) void on_log(uint32_t id) { run("log", id, "", 0); }
EXPORT(proxy_on_delete) void on_delete(uint32_t id) {
  run("delete", id, "", 0);
  std::erase_if(vm.contexts, [id](const Context& context) { return context.id == id; });
}

EXPORT(proxy_on_request_headers) uint32_t on_request_headers(uint32_t id, uint32_t count, uint32_t is_end) {
  return run_headers("request_headers", id, count, is_end);
}
EXPORT(proxy_on_request_body) uint32_t on_request_body(uint32_t id, uint32_t size, uint32_t is_end) {
  return run("request_body", id, body_detail(size, is_end), 0);
}
EXPORT(proxy_on_request_trailers) uint32_t on_request_trailers(uint32_t id, uint32_t count) {
  return run_trailers("request_trailers", id, count);
}
EXPORT(proxy_on_response_headers) uint32_t on_response_headers(uint32_t id, uint32_t count, uint32_t is_end) {
  return run_headers("response_headers", id, count, is_end);
}
EXPORT(proxy_on_response_body) uint32_t on_response_body(uint32_t id, uint32_t size, uint32_t is_end) {
  return run("response_body", id, body_detail(size, is_end), 0);
}
EXPORT(proxy_on_response_trailers) uint32_t on_response_trailers(uint32_t id, uint32_t count) {
  return run_trailers("response_trailers", id, count);
}
EXPORT(proxy_on_http_call_response)
void on_http_call_response(uint32_t id, uint32_t, uint32_t headers, uint32_t body, uint32_t trailers) {
  vm.announced = headers;
  run("http_call_response", id,
      std::string(headers != 0 ? " with" : " without") + " headers, " + (body != 0 ? "a" : "no") + " body, " +
          std::to_string(trailers) + " trailers",
      0);
}
EXPORT(proxy_on_grpc_close) void on_grpc_close(uint32_t id, uint32_t, uint32_t status) {
  run("grpc_close", id, " with " + std::to_string(status), 0);
}
