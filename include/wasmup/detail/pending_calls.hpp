// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <utility>

#include <wasmup/abi.hpp>
#include <wasmup/detail/contexts.hpp>
#include <wasmup/detail/id_table.hpp>
#include <wasmup/stream_handle.hpp>

/// Call-outs on their way, and who waits for each. The host tells the root of an answer and knows nothing of
/// the stream that asked; here each answer finds that stream, or is dropped when the stream is gone.
namespace wasmup::detail {

struct HttpAnswer {
  uint32_t header_count;
  uint32_t body_size;
  uint32_t trailer_count;
};

struct GrpcEvent {
  enum class Kind : uint8_t { initial_metadata, message, trailing_metadata, close };
  Kind kind;
  uint32_t value;  ///< a message's size, the status of a close
};

/// Whom an answer is for, without its type. `run` with no event only frees it.
template <class Event>
struct Handler {
  /// True when this was the last event: the handler has freed itself.
  bool (*run)(Handler* self, uint32_t context, uint32_t token, const Event* event);
};

template <class Event>
struct PendingCall {
  uint32_t id = 0;  ///< the token; never 0
  uint32_t context = 0;
  Handler<Event>* handler = nullptr;  ///< owned; null while it runs
};

/// Tokens of one kind are four apart.
template <class Event>
class PendingCalls {
 public:
  constexpr PendingCalls() = default;

  /// Takes the handler over. False when memory is out: then it is gone already.
  bool insert(uint32_t token, uint32_t context, Handler<Event>* handler) {
    if (calls_.size() >= sweep_at_) sweep();
    PendingCall<Event>* const call = calls_.insert(token);
    if (call == nullptr) {
      drop({token, context, handler});
      return false;
    }
    call->context = context;
    call->handler = handler;
    return true;
  }

  /// False when it was for somebody who is gone.
  bool deliver(uint32_t root, uint32_t token, const Event& event) {
    PendingCall<Event>* found = calls_.find(token);
    if (found == nullptr || found->handler == nullptr) return true;
    const PendingCall<Event> call = *found;
    found->handler = nullptr;  // while it runs: its own callback may cancel it, or make other calls
    // A call of the root's own needs no other context.
    if (call.context != root && abi::proxy_set_effective_context(call.context) != Status::ok) {
      calls_.erase(found);
      drop(call);
      return false;
    }
    const uint32_t outer = std::exchange(effective_context, call.context != root ? call.context : 0);
    const bool was_last = call.handler->run(call.handler, call.context, token, &event);
    effective_context = outer;  // as the host does with its own
    found = calls_.find(token);
    if (was_last) {
      if (found != nullptr) calls_.erase(found);
    } else if (found != nullptr) {
      found->handler = call.handler;
    } else {
      drop(call);
    }
    return true;
  }

  /// Forgets a call that will not be answered.
  void erase(uint32_t token) {
    PendingCall<Event>* const found = calls_.find(token);
    if (found == nullptr) return;
    const PendingCall<Event> call = *found;
    calls_.erase(found);
    drop(call);
  }

  void clear() {
    calls_.for_each(drop);
    calls_.clear();
  }

 private:
  /// The host cancels a root's calls without a word when the root goes. What waits for nobody any more is
  /// thrown out when it has become much.
  void sweep() {
    calls_.take_if([](const PendingCall<Event>& call) { return !ActingFor(call.context).is_there(); }, drop);
    sweep_at_ = 2 * calls_.size() < smallest_sweep ? smallest_sweep : 2 * calls_.size();
  }

  static void drop(const PendingCall<Event>& call) {
    if (call.handler != nullptr) call.handler->run(call.handler, call.context, call.id, nullptr);
  }

  static constexpr size_t smallest_sweep = 64;

  IdTable<PendingCall<Event>, 4> calls_;
  size_t sweep_at_ = smallest_sweep;
};

inline constinit PendingCalls<HttpAnswer> pending_http_calls;
inline constinit PendingCalls<GrpcEvent> pending_grpc_calls;

inline void http_call_response(uint32_t root, uint32_t token, const HttpAnswer& answer) {
  pending_http_calls.deliver(root, token, answer);
}

/// Envoy keeps a stream that the other side has closed until the module is done with it too. (A stream's
/// token is 2 modulo 4, a call's 1: a call is over with its only event.)
inline void release_grpc_stream(uint32_t token) {
  if (token % 4 == 2) static_cast<void>(abi::proxy_grpc_cancel(token));
}

inline void grpc_event(uint32_t root, uint32_t token, const GrpcEvent& event) {
  if (event.kind == GrpcEvent::Kind::close) release_grpc_stream(token);
  if (!pending_grpc_calls.deliver(root, token, event)) release_grpc_stream(token);
}

}  // namespace wasmup::detail
