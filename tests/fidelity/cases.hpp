// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What the fake host claims to do as Envoy does it: one table, played in both, with the same expectations.
namespace wasmup::fidelity {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// Plays the client, the upstream, the servers of call-outs and the one who configures Envoy. Message bodies
/// come as HTTP/1.1 brings them: in chunks that are not the last, and an empty one that is.
class Player {
 public:
  virtual ~Player() = default;

  /// The stream, from 1, that what follows acts on; each begins with its request.
  virtual void stream(size_t number) = 0;
  /// GET, or POST with a body to come, but for a `:method` among the headers.
  virtual void request(const std::string& path, const Fields& headers = {}, bool is_whole = true) = 0;
  virtual void request_body(const std::string& chunk) = 0;
  virtual void request_end() = 0;
  virtual void request_trailers(const Fields& trailers) = 0;
  /// The client goes away.
  virtual void leave() = 0;

  virtual void respond(int status, const Fields& headers = {}, bool is_whole = true) = 0;
  virtual void response_body(const std::string& chunk) = 0;
  virtual void response_end() = 0;
  virtual void response_trailers(const Fields& trailers) = 0;

  /// Of the call-out for this path to the cluster "there".
  virtual void answer_call(const std::string& path, int status, const std::string& body = "",
                           const Fields& trailers = {}) = 0;
  /// The client goes away, and before Envoy has done all that this brings with it, the call-out is answered:
  /// both in one pass of its event loop.
  virtual void leave_and_answer_call(const std::string& path, int status, const std::string& body = "") = 0;
  /// Cut in the middle of its answer.
  virtual void break_call(const std::string& path) = 0;
  /// To the cluster "away", where nobody listens. ("empty" has no endpoint, "full" an open circuit breaker.)
  virtual void refuse_call(const std::string& path) = 0;

  /// A changed plugin configuration.
  virtual void reconfigure(const std::string& script) = 0;
  /// Time passes until the probe has logged this line.
  virtual void until(const std::string& line) = 0;
  /// Time passes until a trapped VM has been replaced: requests to `path` are answered otherwise than 503.
  virtual void until_reloaded() = 0;

  void get_and_respond(const std::string& path = "/") {
    request(path);
    respond(200);
  }
};

enum class OnTrap { close, open, reload };

struct Options {
  std::string vm_configuration = {};
  bool allow_on_headers_stop_iteration = false;
  bool enable_trailers = true;
  OnTrap on_trap = OnTrap::close;
  std::optional<uint32_t> buffer_limit = {};  ///< of the listener, in bytes; none: Envoy's own
};

struct Case {
  std::string name;             ///< a sentence
  std::string shows;            ///< what one may rely on
  std::string unexpected = {};  ///< where that is not what the specification says, or one would expect
  std::string script = {};      ///< what the probe does
  Options options = {};
  std::function<void(Player&)> play = {};
  /// What one VM logs until it serves; the VM of a trial first.
  std::vector<std::string> start = {};
  bool is_refused = false;            ///< the module does not get to serve
  std::vector<std::string> log = {};  ///< from then on
  /// What came of each stream, its fields that begin with "x-" only: `GET / x-a=1 "body" + x-trailer=2`, as
  /// HTTP/1.1 has it, other bytes than visible ASCII as %0d. Two streams are apart by " | ".
  std::string upstream = {};
  std::string client = {};
  /// The call-outs that wait for their answer at the end, in the order they were made; not looked at when
  /// empty.
  std::string calls = {};
  std::vector<std::string> also_shown = {};  ///< names of more fields
  bool crashes = false;                      ///< Envoy dies of it; the fake host fails the test
  bool is_mishap = false;  ///< Envoy lives, and does what nobody wants; the fake host fails the test
};

struct Group {
  std::string title;
  std::vector<Case> cases;
};

std::vector<Case> header_cases();
std::vector<Case> body_cases();
std::vector<Case> flow_cases();
std::vector<Case> reply_cases();
std::vector<Case> end_cases();
std::vector<Case> limit_cases();
std::vector<Case> call_cases();
std::vector<Case> lifecycle_cases();
std::vector<Case> deletion_cases();
std::vector<Case> wire_cases();

std::vector<Group> all_cases();

/// A message as the expectations of a case have it, each of its parts behind a space.
std::string shown(const Case& played, const Fields& headers, const std::string& body, const Fields& trailers);
/// Bytes that are no visible ASCII, nor a space, as %0d.
std::string escaped(const std::string& bytes);

}  // namespace wasmup::fidelity
