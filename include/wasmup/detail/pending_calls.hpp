// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include <wasmup/abi.hpp>
#include <wasmup/detail/contexts.hpp>

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

/// Whom an answer is for, without its type.
template <class Event>
struct Handler {
  /// True when this was the last event. Without an event it only frees the handler.
  bool (*run)(Handler* self, const Event* event);
  ContextRef context = {};
  uint32_t token = 0;
  bool is_cancelled = false;  ///< in its own callback
  Handler* next = nullptr;
};

/// Handlers by the token of their call. Tokens of one kind are four apart.
template <class Event>
class PendingCalls {
 public:
  constexpr PendingCalls() = default;

  /// Takes the handler over.
  void insert(uint32_t token, Handler<Event>* handler) {
    Handler<Event>*& first = bucket(token);
    // The host cancels a root's calls without a word when the root goes: what waits for nobody is dropped
    // here.
    take_if(first, [](const Handler<Event>& one) { return one.context.find() == nullptr; });
    handler->token = token;
    handler->next = first;
    first = handler;
  }

  /// False when it was for nobody, or for somebody who is gone.
  bool deliver(uint32_t root, uint32_t token, const Event& event) {
    enter(root, Phase::elsewhere);
    Handler<Event>* const handler = unlink(token);
    if (handler == nullptr) return false;
    running_ = handler;  // it may cancel itself, or make other calls
    bool is_last = true;
    const bool is_there = run_for(root, *handler, event, is_last);
    running_ = nullptr;
    if (is_last || handler->is_cancelled) {
      handler->run(handler, nullptr);
    } else {
      insert(token, handler);
    }
    return is_there;
  }

  /// Forgets a call that will not be answered.
  void erase(uint32_t token) {
    if (running_ != nullptr && running_->token == token) running_->is_cancelled = true;
    if (Handler<Event>* const handler = unlink(token)) handler->run(handler, nullptr);
  }

  void clear() {
    for (Handler<Event>*& first : buckets_) take_if(first, [](const Handler<Event>&) { return true; });
  }

 private:
  static constexpr size_t bucket_count = 64;

  Handler<Event>*& bucket(uint32_t token) { return buckets_[token / 4 % bucket_count]; }

  [[gnu::noinline]] Handler<Event>* unlink(uint32_t token) {
    for (Handler<Event>** link = &bucket(token); *link != nullptr; link = &(*link)->next) {
      Handler<Event>* const found = *link;
      if (found->token != token) continue;
      *link = found->next;
      return found;
    }
    return nullptr;
  }

  template <class IsWanted>
  static void take_if(Handler<Event>*& first, IsWanted is_wanted) {
    Handler<Event>* kept = nullptr;
    while (first != nullptr) {
      Handler<Event>* const one = first;
      first = one->next;
      if (is_wanted(*one)) {
        one->run(one, nullptr);
      } else {
        one->next = kept;
        kept = one;
      }
    }
    first = kept;
  }

  /// Runs the handler for the context that asked; false when that is gone.
  static bool run_for(uint32_t root, Handler<Event>& handler, const Event& event, bool& is_last) {
    if (handler.context.find() == nullptr) return false;
    if (handler.context.id == root) {  // a call of the root's own needs no other context
      is_last = handler.run(&handler, &event);
      return true;
    }
    const ActingFor acting_for(handler.context);
    if (!acting_for.is_there()) return false;
    is_last = handler.run(&handler, &event);
    return true;
  }

  Handler<Event>* buckets_[bucket_count] = {};
  Handler<Event>* running_ = nullptr;
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
  enter(root, Phase::elsewhere);
  if (event.kind == GrpcEvent::Kind::close) release_grpc_stream(token);
  if (!pending_grpc_calls.deliver(root, token, event)) release_grpc_stream(token);
}

}  // namespace wasmup::detail
