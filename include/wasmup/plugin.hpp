// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string_view>
#include <utility>

#include <wasmup/abi.hpp>
#include <wasmup/bytes.hpp>
#include <wasmup/detail/callbacks.hpp>
#include <wasmup/detail/contexts.hpp>
#include <wasmup/detail/exports.hpp>
#include <wasmup/detail/local.hpp>
#include <wasmup/detail/root_ids.hpp>
#include <wasmup/detail/runtime.hpp>
#include <wasmup/filter.hpp>
#include <wasmup/log.hpp>
#include <wasmup/property.hpp>
#include <wasmup/shared_queue.hpp>

namespace wasmup {
namespace detail {

template <class Unit>
struct Type {};

/// What a module of these units needs of its host: the exports' names without `proxy_on_`.
template <class... Units>
struct Needs {
  template <class Callback>
  static constexpr bool root_needs = ([] {
    if constexpr (has_root<Units>) {
      return Callback::template is_declared<RootOf<Units>>;
    } else {
      return false;
    }
  }() || ...);

  static constexpr bool is_tracked =
      sizeof...(Units) > 1 || ((needs_context<Units> || has_root_id<Units>) || ...);
  /// Whether some root id can be wrong.
  static constexpr bool chooses_by_root_id = (has_root_id<Units> && ...);

  static constexpr bool context_create = is_tracked;
  static constexpr bool delete_ = is_tracked;
  static constexpr bool done = root_needs<callback::on_root_done> ||
                               ((is_filter<Units> && callback::on_stream_done::is_declared<Units>) || ...);
  static constexpr bool log = root_needs<callback::on_http_log> ||
                              ((is_filter<Units> && callback::on_http_log::is_declared<Units>) || ...);
  static constexpr bool vm_start = root_needs<callback::on_vm_start>;
  static constexpr bool configure = root_needs<callback::on_configure> || chooses_by_root_id;
  static constexpr bool tick = root_needs<callback::on_tick>;
  static constexpr bool queue_ready = root_needs<callback::on_queue_ready>;
  static constexpr bool foreign_function = root_needs<callback::on_foreign_function>;
  static constexpr bool request_headers = ((is_http<Units> && RequestDirection::needs_headers<Units>) || ...);
  static constexpr bool request_body = ((is_http<Units> && RequestDirection::needs_body<Units>) || ...);
  static constexpr bool request_trailers =
      ((is_http<Units> && RequestDirection::needs_trailers<Units>) || ...);
  static constexpr bool response_headers =
      ((is_http<Units> && ResponseDirection::needs_headers<Units>) || ...);
  static constexpr bool response_body = ((is_http<Units> && ResponseDirection::needs_body<Units>) || ...);
  static constexpr bool response_trailers =
      ((is_http<Units> && ResponseDirection::needs_trailers<Units>) || ...);

  template <class Callback>
  static constexpr bool tcp_needs = ((is_tcp<Units> && Callback::template is_declared<Units>) || ...);

  static constexpr bool new_connection = tcp_needs<callback::on_new_connection>;
  static constexpr bool downstream_data = tcp_needs<callback::on_downstream_data>;
  static constexpr bool upstream_data = tcp_needs<callback::on_upstream_data>;
  static constexpr bool downstream_close = tcp_needs<callback::on_downstream_close>;
  static constexpr bool upstream_close = tcp_needs<callback::on_upstream_close>;
};

/// All of a buffer that the host says has so many bytes; `data` becomes the module's own.
inline bool get_whole_buffer(abi::BufferType buffer, size_t size, char** data, size_t* received) {
  return size == 0 || abi::proxy_get_buffer_bytes(buffer, 0, size, data, received) == Status::ok;
}

}  // namespace detail

/// A module: its units, each a filter (with its root context) or a root context alone. WASMUP_REGISTER
/// instantiates it.
///
/// A single filter without data serves every stream statelessly. Otherwise contexts are tracked from their
/// creation to their deletion, and with several units the root id of the plugin configuration chooses among
/// them.
template <class... Units>
class Plugin {
  using Needs = detail::Needs<Units...>;

 public:
  WASMUP_DETAIL_LOCAL static void context_create(uint32_t id, uint32_t parent_id) {
    detail::enter(id, detail::Phase::elsewhere);
    if (detail::contexts.find(id) != nullptr) return;  // the host says so again when it starts a root anew
    uint8_t unit = 0;
    const bool is_root = parent_id == 0;
    if (is_root) {
      unit = unit_of_this_root();
    } else {
      const detail::Context* const parent = detail::contexts.find(parent_id);
      if (parent == nullptr) return;
      unit = parent->unit;
    }
    detail::Context& context = detail::insert_context(id);
    context.unit = unit;
    if (!is_root) context.root = parent_id;
    with_unit(unit, [id, parent_id]<class Unit>(detail::Type<Unit>) {
      if (parent_id == 0) {
        if constexpr (detail::has_root<Unit>) make<detail::RootOf<Unit>>(id);
      } else {
        if constexpr (detail::is_stored<Unit>) {
          const detail::Context* const root = detail::contexts.find(parent_id);
          detail::root_of_new_filter = root != nullptr ? root->object : nullptr;
          make<Unit>(id);
        }
      }
    });
  }

  WASMUP_DETAIL_LOCAL static uint32_t vm_start(uint32_t root_id, uint32_t size) {
    return with_configuration<detail::callback::on_vm_start>(root_id, abi::BufferType::vm_configuration,
                                                             size);
  }

  WASMUP_DETAIL_LOCAL static uint32_t configure(uint32_t root_id, uint32_t size) {
    if constexpr (Needs::chooses_by_root_id) {
      const detail::Context* const context = detail::contexts.find(root_id);
      if (context == nullptr || context->unit == no_unit) {
        Result<Bytes> name = get_property({"plugin_root_id"});
        log::error("this module has no filter for the root id '", name->view(), "'");
        return false;
      }
    }
    return with_configuration<detail::callback::on_configure>(root_id, abi::BufferType::plugin_configuration,
                                                              size);
  }

  WASMUP_DETAIL_LOCAL static void tick(uint32_t root_id) {
    detail::enter(root_id, detail::Phase::elsewhere);
    with_root<detail::callback::on_tick>(root_id, []<class Root>(Root& root)
                                           requires detail::CallableAs<detail::callback::on_tick, void, Root>
                                         { root.on_tick(); });
  }

  /// 1, "finished", where nobody has more to do. What a stream answers, the host does not ask.
  WASMUP_DETAIL_LOCAL static uint32_t context_done(uint32_t id) {
    using namespace detail::callback;
    detail::enter(id, detail::Phase::ending);
    if (is_root(id)) {
      bool is_finished = true;
      with_root<on_root_done>(id, [&is_finished]<class Root>(Root& root)
                                requires detail::CallableAs<on_root_done, bool, Root>
                              { is_finished = on_root_done::call(root); });
      return is_finished;
    }
    with_stream(id, [](auto& filter) { return detail::call_if_declared<on_stream_done>(filter); }, false);
    return 1;
  }

  WASMUP_DETAIL_LOCAL static void log(uint32_t id) {
    using namespace detail::callback;
    detail::enter(id, detail::Phase::ending);
    if (is_root(id)) {
      with_root<on_http_log>(id, []<class Root>(Root& root)
                               requires detail::CallableAs<on_http_log, void, Root, AccessLog>
                             { on_http_log::call(root, AccessLog()); });
      return;
    }
    with_stream(
        id,
        []<class Filter>(Filter& filter) {
          if constexpr (detail::is_tcp<Filter>) {
            return detail::call_if_declared<on_tcp_log>(filter);
          } else {
            return detail::call_if_declared<on_http_log>(filter, AccessLog());
          }
        },
        false);
  }

  WASMUP_DETAIL_LOCAL static void queue_ready(uint32_t root_id, uint32_t token) {
    using detail::callback::on_queue_ready;
    detail::enter(root_id, detail::Phase::elsewhere);
    with_root<on_queue_ready>(root_id, [token]<class Root>(Root& root)
                                requires detail::CallableAs<on_queue_ready, void, Root, SharedQueue>
                              { on_queue_ready::call(root, SharedQueue(token)); });
  }

  WASMUP_DETAIL_LOCAL static void foreign_function(uint32_t id, uint32_t function, uint32_t size) {
    using detail::callback::on_foreign_function;
    detail::enter(id, detail::Phase::elsewhere);
    with_root<on_foreign_function>(
        id, [=]<class Root>(Root& root)
          requires detail::CallableAs<on_foreign_function, void, Root, uint32_t, Bytes>
        {
          char* data = nullptr;
          size_t received = 0;
          if (!detail::get_whole_buffer(abi::BufferType::foreign_arguments, size, &data, &received)) return;
          on_foreign_function::call(root, function, Bytes(data, received));
        });
  }

  WASMUP_DETAIL_LOCAL static uint32_t new_connection(uint32_t id) {
    detail::enter(id, detail::Phase::connection);
    return with_stream(id, [](auto& filter) {
      return detail::call_if_declared<detail::callback::on_new_connection>(filter);
    });
  }
  template <class Direction>
  WASMUP_DETAIL_LOCAL static uint32_t data(uint32_t id, uint32_t size, uint32_t end_of_stream) {
    detail::enter(id, detail::Phase::connection);
    return with_stream(id, [=](auto& filter) { return Direction::data(filter, size, end_of_stream != 0); });
  }
  template <class Callback>
  WASMUP_DETAIL_LOCAL static void connection_close(uint32_t id, uint32_t peer) {
    detail::enter(id, detail::Phase::ending);
    with_stream(
        id,
        [peer](auto& filter) {
          return detail::call_if_declared<Callback>(filter, static_cast<PeerType>(peer));
        },
        false);
  }

  template <class Direction>
  WASMUP_DETAIL_LOCAL static uint32_t headers(uint32_t id, uint32_t end_of_stream) {
    detail::enter(id, Direction::headers_phase);
    return with_stream(id, [=](auto& filter) { return Direction::headers(filter, end_of_stream != 0); });
  }
  template <class Direction>
  WASMUP_DETAIL_LOCAL static uint32_t body(uint32_t id, uint32_t size, uint32_t end_of_stream) {
    detail::enter(id, Direction::body_phase);
    return with_stream(id, [=](auto& filter) { return Direction::body(filter, size, end_of_stream != 0); });
  }
  template <class Direction>
  WASMUP_DETAIL_LOCAL static uint32_t trailers(uint32_t id) {
    detail::enter(id, Direction::trailers_phase);
    return with_stream(id, [](auto& filter) { return Direction::trailers(filter); });
  }

  /// The whole-body callback of a held message without a body, which is about to go on.
  WASMUP_DETAIL_LOCAL static uint32_t see_empty_body(uint32_t id, bool is_request) {
    return with_stream(id, [is_request]<class Filter>(Filter& filter) -> uint32_t {
      if constexpr (detail::is_http<Filter>) {
        if (is_request) {
          if constexpr (detail::RequestDirection::takes_whole_body<Filter>) {
            return detail::RequestDirection::see_whole_body(filter, 0);
          }
        } else {
          if constexpr (detail::ResponseDirection::takes_whole_body<Filter>) {
            return detail::ResponseDirection::see_whole_body(filter, 0);
          }
        }
      }
      return 0;
    });
  }

  /// Ends the objects of a context.
  WASMUP_DETAIL_LOCAL static void end(detail::Context& context) {
    if (context.object == nullptr) return;
    with_unit(context.unit, [&context]<class Unit>(detail::Type<Unit>) {
      if (context.is_root()) {
        if constexpr (detail::has_root<Unit>) delete static_cast<detail::RootOf<Unit>*>(context.object);
      } else {
        if constexpr (detail::is_stored<Unit>) delete static_cast<Unit*>(context.object);
      }
    });
  }

#if !defined(__wasm__)
  /// Ends every context, as a VM does that goes away. For the fake host: a process has one native module.
  static void reset() {
    // Streams first: a filter may look at its root to the last.
    for (const bool roots : {false, true}) {
      detail::contexts.for_each([=](detail::Context& context) {
        detail::enter(context.id, detail::Phase::ending);
        if (context.is_root() == roots) end(context);
      });
    }
    detail::contexts.clear();
    detail::pending_http_calls.clear();
    detail::pending_grpc_calls.clear();
    detail::acting = {};
  }
#endif

 private:
  static constexpr uint8_t no_unit = 0xFF;

  /// The new object of a context, known as such while it is constructed.
  template <class Object>
  WASMUP_DETAIL_LOCAL static void make(uint32_t id) {
    static_assert(alignof(Object) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__,
                  "a filter or root context has no greater alignment than operator new gives");
    void* const memory = ::operator new(sizeof(Object));
    detail::Context* const context = detail::contexts.find(id);
    context->object = memory;
    context->size = sizeof(Object);
    ::new (memory) Object();
  }

  /// The unit that serves the root being created: the one with its root id, else the one without any.
  WASMUP_DETAIL_LOCAL static uint8_t unit_of_this_root() {
    if constexpr ((detail::has_root_id<Units> || ...)) {
      [[gnu::used]] static constexpr auto listed = detail::list_root_ids<Units...>();
      Result<Bytes> root_id = get_property({"plugin_root_id"});
      uint8_t chosen = no_unit;
      if (!root_id && root_id.status() != Status::not_found) return chosen;
      uint8_t index = 0;
      const auto consider = [&]<class Unit>(detail::Type<Unit>) {
        if constexpr (detail::has_root_id<Unit>) {
          if (root_id->view() == std::string_view(Unit::root_id)) chosen = index;
        } else {
          if (chosen == no_unit) chosen = index;  // gives way to a later one that has this very id
        }
        ++index;
      };
      (consider(detail::Type<Units>()), ...);
      return chosen;
    } else {
      return 0;
    }
  }

  template <class Call>
  WASMUP_DETAIL_LOCAL static void with_unit([[maybe_unused]] uint8_t unit, Call call) {
    if constexpr (sizeof...(Units) == 1 && !Needs::chooses_by_root_id) {
      (call(detail::Type<Units>()), ...);
    } else {
      uint8_t index = 0;
      ((index++ == unit ? call(detail::Type<Units>()) : void()), ...);
    }
  }

  WASMUP_DETAIL_LOCAL static bool is_root(uint32_t id) {
    if constexpr (!Needs::is_tracked) return false;
    const detail::Context* const context = detail::contexts.find(id);
    return context != nullptr && context->is_root();
  }

  /// Runs `call` on the root context, if it declares `Callback` (in another shape it has been refused by
  /// check_unit).
  template <class Callback, class Call>
  WASMUP_DETAIL_LOCAL static void with_root(uint32_t id, Call call) {
    const detail::Context* const context = detail::contexts.find(id);
    if (context == nullptr || !context->is_root()) return;
    with_unit(context->unit, [&]<class Unit>(detail::Type<Unit>) {
      if constexpr (detail::has_root<Unit>) {
        using Root = detail::RootOf<Unit>;
        if constexpr (requires(Root& root) { call(root); } && Callback::template is_declared<Root>) {
          call(*static_cast<Root*>(context->object));
        }
      }
    });
  }

  /// Hands a root context its configuration; 1, "fine", where there is none that wants it.
  template <class Callback>
  WASMUP_DETAIL_LOCAL static uint32_t with_configuration(uint32_t id, abi::BufferType buffer, size_t size) {
    detail::enter(id, detail::Phase::elsewhere);
    bool is_fine = true;
    with_root<Callback>(id, [&]<class Root>(Root& root)
                          requires detail::CallableAs<Callback, bool, Root, Bytes>
                        {
                          char* data = nullptr;
                          size_t received = 0;
                          is_fine = detail::get_whole_buffer(buffer, size, &data, &received) &&
                                    Callback::call(root, Bytes(data, received));
                        });
    return is_fine;
  }

  /// Runs `call` on the stream's filter. A stream that is not known must not pass its filter unseen: a trap,
  /// so that the host fails it. The callbacks of its end (`is_vital` false) have nothing to say then.
  template <class Call>
  WASMUP_DETAIL_LOCAL static uint32_t with_stream(uint32_t id, Call call, bool is_vital = true) {
    if constexpr (!Needs::is_tracked) {
      return (call_stateless<Units>(call), ...);
    } else {
      const detail::Context* const context = detail::contexts.find(id);
      if (context == nullptr || context->is_root()) {
        if (is_vital) __builtin_trap();
        return 0;
      }
      uint32_t answer = 0;
      with_unit(context->unit, [&]<class Unit>(detail::Type<Unit>) {
        if constexpr (detail::is_stored<Unit>) {
          answer = call(*static_cast<Unit*>(context->object));
        } else if constexpr (detail::is_filter<Unit>) {
          answer = call_stateless<Unit>(call);
        }
      });
      return answer;
    }
  }

  template <class Filter, class Call>
  WASMUP_DETAIL_LOCAL static uint32_t call_stateless(Call call) {
    Filter filter;
    return call(filter);
  }
};

/// A module as the host sees it. WASMUP_REGISTER instantiates this and so defines the exports; of Plugin only
/// what they use comes into being, so that a filter without contexts brings no allocator. What cannot be a
/// module is refused here, whatever it would export.
template <class... Units>
struct Module : detail::Exports<Plugin<Units...>, detail::Needs<Units...>> {
  static_assert(sizeof...(Units) > 0, "WASMUP_REGISTER needs a filter");
  static_assert(sizeof...(Units) < 255, "a module has fewer than 255 filters");
  static_assert((detail::check_unit<Units>() && ...),
                "a filter declares no callback: check its callbacks' names against wasmup/filter.hpp");
  static_assert((size_t{0} + ... + size_t{!detail::has_root_id<Units>}) <= 1,
                "only one of several filters may do without a root_id: it serves the ids no other one names");
};

#if !defined(__wasm__)
namespace detail {

/// What a native build of a module offers the fake host.
struct NativeModule {
  std::span<const NativeExport> exports;
  void (*reset)();
};

/// Defined by WASMUP_REGISTER, found by the fake host when both are linked together.
const NativeModule& native_module();

}  // namespace detail
#endif

}  // namespace wasmup

/// Makes a module of these filters. Once in a program, at namespace scope:
///
///     WASMUP_REGISTER(AddHeader)
///     WASMUP_REGISTER(Auth, RateLimit)   // each with a root_id
///
/// The names are looked up here, where the user stands: within a function they would be looked for in wasmup
/// first.
#define WASMUP_REGISTER(...)                                                   \
  extern "C" void WASMUP_REGISTER_stands_once_in_a_module() {}                 \
  template struct wasmup::Module<__VA_ARGS__>;                                 \
  using wasmup_registered_plugin = wasmup::Plugin<__VA_ARGS__>;                \
  using wasmup_registered_module = wasmup::Module<__VA_ARGS__>;                \
  void wasmup::detail::end_context(wasmup::detail::Context& context) {         \
    ::wasmup_registered_plugin::end(context);                                  \
  }                                                                            \
  uint32_t wasmup::detail::see_empty_body(uint32_t context, bool is_request) { \
    return ::wasmup_registered_plugin::see_empty_body(context, is_request);    \
  }                                                                            \
  WASMUP_DETAIL_REGISTER_NATIVELY

#if defined(__wasm__)
#define WASMUP_DETAIL_REGISTER_NATIVELY
#else
#define WASMUP_DETAIL_REGISTER_NATIVELY                                                \
  const wasmup::detail::NativeModule& wasmup::detail::native_module() {                \
    static constexpr auto exports = ::wasmup_registered_module::native_exports();      \
    static constexpr NativeModule module{exports, &::wasmup_registered_plugin::reset}; \
    return module;                                                                     \
  }
#endif
