// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <wasmup/abi.hpp>
#include <wasmup/detail/id_table.hpp>
#include <wasmup/detail/native_export.hpp>

/// The contexts that are alive, by the module's own account. Envoy destroys a context later than it calls
/// proxy_on_delete, and accepts it as the effective context until then: its word is no proof of life.
namespace wasmup::detail {

/// What the module remembers of a context.
struct Context {
  uint32_t id = 0;          ///< 0 marks a free place: the host never gives it to a root or a stream
  uint32_t generation = 0;  ///< counts all contexts there ever were: an id may be used again
  uint32_t root = 0;        ///< the id of its root context, of a root its own; 0: not known
  uint16_t flow = 0;        ///< see detail/stream_flow.hpp
  uint8_t unit = 0;         ///< which filter or root context of the module it belongs to
  void* object = nullptr;   ///< owned: the filter or the root context, if it has data
  size_t size = 0;          ///< bytes of the object

  bool is_root() const { return root == id; }
  bool holds(const void* address) const {
    return reinterpret_cast<uintptr_t>(address) - reinterpret_cast<uintptr_t>(object) < size;
  }
};

using Contexts = IdTable<Context>;
inline constinit Contexts contexts;
inline constinit uint32_t last_generation = 0;

/// A context to come back to, if it is still there then.
struct ContextRef {
  uint32_t id = 0;
  uint32_t generation = 0;

  Context* find() const {
    Context* const found = contexts.find(id);
    return found != nullptr && found->generation == generation ? found : nullptr;
  }
};

/// What kind of host callback runs.
enum class Phase : uint8_t {
  elsewhere,  ///< a root's callback, an answer, or a callback of another stream
  request_headers,
  request_body,
  request_trailers,
  response_headers,
  response_body,
  response_trailers,
  connection,  ///< any callback of a TCP connection but those of its end
  ending,      ///< on_log, on_done, on_delete
};

/// The context that hostcalls act on, and what is known of it.
struct Acting {
  uint32_t context = 0;    ///< the one whose callback runs, or the effective one
  uint32_t effective = 0;  ///< what the host was told in this callback; 0: nothing
  Phase phase = Phase::elsewhere;
  bool ends_with_headers = false;  ///< in a headers callback: neither body nor trailers follow
  bool was_let_go = false;         ///< the message of this callback was continued in it
  uint16_t flow = 0;               ///< of a stream that is not in the table
};
inline constinit Acting acting;

/// A host callback begins: for this context, and for no other one yet.
[[gnu::noinline]] inline void enter(uint32_t context, Phase phase) {
  acting = {.context = context, .phase = phase};
}

/// The new context's entry. Without memory for it nothing would stand between client and upstream: a trap, so
/// that the host fails the stream.
inline Context& insert_context(uint32_t id) {
  Context* const context = contexts.insert(id);
  if (context == nullptr) __builtin_trap();
  context->generation = ++last_generation;
  context->root = id;
  return *context;
}

/// Acts for another context while this object lives, if that is still there. proxy_set_effective_context.
class ActingFor {
 public:
  [[gnu::noinline]] explicit ActingFor(ContextRef context) : outer_(acting) {
    if (context.find() == nullptr) return;
    if (abi::proxy_set_effective_context(context.id) != Status::ok) return;
    is_there_ = true;
    if (context.id != acting.context) acting = {.context = context.id};
    acting.effective = context.id;
  }
  ActingFor(const ActingFor&) = delete;
  ActingFor& operator=(const ActingFor&) = delete;
  [[gnu::noinline]] ~ActingFor() {
    if (!is_there_) return;
    const bool was_let_go = acting.context == outer_.context && acting.was_let_go;
    acting = outer_;
    acting.was_let_go |= was_let_go;
    static_cast<void>(abi::proxy_set_effective_context(outer_.effective));
  }

  bool is_there() const { return is_there_; }

 private:
  Acting outer_;
  bool is_there_ = false;
};

/// The context whose object this is, or lies in: whoever asks, a base class, a member or the object itself.
[[gnu::noinline]] inline Context* owner_of(const void* object) {
  Context* const own = contexts.find(acting.context);
  if (own != nullptr) {
    if (own->holds(object)) return own;
    Context* const root = contexts.find(own->root);
    if (root != nullptr && root->holds(object)) return root;
  }
  return nullptr;
}

// Ends the objects of a context. Defined by WASMUP_REGISTER.
void end_context(Context& context);

/// The host's last word about a context. What its destructor asks for is still asked in its name.
inline void context_deleted(uint32_t id) {
  Context* const ended = contexts.find(id);
  if (ended == nullptr) return;
  enter(id, Phase::ending);
  end_context(*ended);
  contexts.erase(contexts.find(id));
}

/// proxy_on_delete: exported where the module keeps contexts, which may be decided in any of its files.
template <class>
struct ExportContextDelete {
  WASMUP_DETAIL_EXPORT("proxy_on_delete") static void exported(uint32_t context) { context_deleted(context); }
#if !defined(__wasm__)
  static inline bool is_taken_in = false;
  static constexpr NativeExport native = native_export<&exported>("proxy_on_delete", &is_taken_in);
#endif
};

/// Void, but not before `T` is known: an export named with it is taken in by the template's use, not by the
/// header that has it.
template <class T>
struct LateVoid {
  using type = void;
};

template <template <class> class Export, class User>
constexpr void take_in() {
  static_cast<void>(&Export<typename LateVoid<User>::type>::exported);
}

#if !defined(__wasm__)
/// Says, before the module starts, that some code of it keeps contexts.
template <class User>
struct KeepsContexts {
  static inline const bool value = ExportContextDelete<typename LateVoid<User>::type>::is_taken_in = true;
};
#endif

/// The context that `asking` stands for; null when it belongs to none. A filter without data is no object
/// that lasts: it stands for the stream at hand, which is remembered from here on.
template <class Object>
inline Context* context_of(const Object& asking) {
  take_in<ExportContextDelete, Object>();
#if !defined(__wasm__)
  static_cast<void>(&KeepsContexts<Object>::value);
#endif
  if (Context* const owner = owner_of(&asking)) return owner;
  if constexpr (std::is_empty_v<Object>) {
    if (acting.context == 0) return nullptr;
    Context* const known = contexts.find(acting.context);
    if (known != nullptr) return known;
    Context& added = insert_context(acting.context);
    added.root = 0;  // not known, and not its own
    added.flow = acting.flow;
    return &added;
  } else {
    return contexts.find_if([&asking](const Context& context) { return context.holds(&asking); });
  }
}

template <class Object>
inline ContextRef reference_to(const Object& asking) {
  const Context* const context = context_of(asking);
  if (context == nullptr) return {};
  return {context->id, context->generation};
}

}  // namespace wasmup::detail
