// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <wasmup/detail/json_reader.hpp>
#include <wasmup/detail/local.hpp>
#include <wasmup/log.hpp>

/// JSON straight into a struct of one's own, for plugin configurations:
///
///     struct Limit {
///       std::string path;
///       uint32_t per_minute = 60;
///
///       static constexpr auto json = wasmup::json_fields(wasmup::required("path", &Limit::path),
///                                                        wasmup::optional("per_minute",
///                                                        &Limit::per_minute));
///     };
///
/// A member may be bool, a whole number of any width, double, std::string, another such struct, std::optional
/// (null and not being there are the same), std::vector (an array), and std::vector<std::pair<std::string,
/// T>> (an object with any names, in order).
///
/// It is strict: JSON as RFC 8259 has it, nested 32 deep at most; a name that the struct does not have, one
/// that comes twice, a number out of range and whatever is of another kind are refused, with the place and
/// the reason. (Bytes beyond ASCII are taken as they are: Envoy's own configuration is UTF-8 already.)
namespace wasmup {

template <class Object, class Member>
struct JsonField {
  std::string_view name;
  Member Object::* member;
  bool is_required;
};

/// A member that must be there.
template <class Object, class Member>
constexpr JsonField<Object, Member> required(std::string_view name, Member Object::* member) {
  return {name, member, true};
}

/// A member that keeps its default when it is not there.
template <class Object, class Member>
constexpr JsonField<Object, Member> optional(std::string_view name, Member Object::* member) {
  return {name, member, false};
}

template <class... Fields>
struct JsonFields {
  static constexpr size_t count = sizeof...(Fields);
  static_assert(count > 0 && count <= 64, "json_fields takes 1 to 64 fields");

  std::tuple<Fields...> fields;
  std::array<std::string_view, count> names;
  uint64_t required;
};

/// All members of a struct, as its `static constexpr auto json`.
template <class... Object, class... Member>
constexpr auto json_fields(JsonField<Object, Member>... fields) {
  uint64_t required = 0;
  size_t index = 0;
  ((required |= uint64_t{fields.is_required} << index++), ...);
  return JsonFields<JsonField<Object, Member>...>{{fields...}, {fields.name...}, required};
}

namespace detail {

template <class T>
concept JsonStruct = requires { T::json.fields; };

template <class T>
constexpr bool is_json_vector = false;
template <class T>
constexpr bool is_json_vector<std::vector<T>> = true;
template <class T>
constexpr bool is_json_map = false;
template <class T>
constexpr bool is_json_map<std::vector<std::pair<std::string, T>>> = true;
template <class T>
constexpr bool is_json_optional = false;
template <class T>
constexpr bool is_json_optional<std::optional<T>> = true;

template <class T>
constexpr const char* json_range_words() {
  if (std::is_signed_v<T>) {
    return sizeof(T) == 1   ? "a whole number from -128 to 127"
           : sizeof(T) == 2 ? "a whole number from -32768 to 32767"
           : sizeof(T) == 4 ? "a whole number from -2147483648 to 2147483647"
                            : "a whole number from -9223372036854775808 to 9223372036854775807";
  }
  return sizeof(T) == 1   ? "a whole number from 0 to 255"
         : sizeof(T) == 2 ? "a whole number from 0 to 65535"
         : sizeof(T) == 4 ? "a whole number from 0 to 4294967295"
                          : "a whole number from 0 to 18446744073709551615";
}

template <class T>
inline constexpr JsonRange json_range{
    std::is_signed_v<T> ? static_cast<uint64_t>(std::numeric_limits<T>::max()) + 1 : 0,
    static_cast<uint64_t>(std::numeric_limits<T>::max()), json_range_words<T>()};

template <class T>
WASMUP_DETAIL_LOCAL bool read_json_value(JsonReader& reader, T& value);

/// A copy, so that the fields themselves, which no code needs, stay out of the module.
template <class T>
inline constexpr auto json_names = T::json.names;

template <class T, size_t... index>
constexpr JsonShape json_shape(std::index_sequence<index...>) {
  return {json_names<T>.data(), T::json.count, T::json.required,
          [](JsonReader& reader, void* object, size_t member) -> bool {
            T& that = *static_cast<T*>(object);
            return ((member == index &&
                     read_json_value(reader, that.*(std::get<index>(T::json.fields).member))) ||
                    ...);
          }};
}

template <class T>
inline constexpr JsonShape json_shape_of = json_shape<T>(std::make_index_sequence<T::json.count>());

template <class T>
WASMUP_DETAIL_LOCAL bool read_json_value(JsonReader& reader, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return reader.read_bool(value);
  } else if constexpr (std::is_integral_v<T>) {
    uint64_t number = 0;
    if (!reader.read_integer(json_range<T>, number)) return false;
    value = static_cast<T>(number);
    return true;
  } else if constexpr (std::is_same_v<T, double>) {
    return reader.read_double(value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return reader.read_string(value);
  } else if constexpr (is_json_optional<T>) {
    value.reset();
    if (reader.next() == 'n') return reader.skip_null();
    return read_json_value(reader, value.emplace());
  } else if constexpr (is_json_map<T>) {
    value.clear();
    return reader.read_members(&value, [](JsonReader& inner, void* members) {
      T& that = *static_cast<T*>(members);
      for (const auto& [known, old] : that) {
        if (known == inner.name()) return inner.refuse_name("this is there twice");
      }
      that.emplace_back(inner.name(), typename T::value_type::second_type());
      return read_json_value(inner, that.back().second);
    });
  } else if constexpr (is_json_vector<T>) {
    value.clear();
    // Counted before: a vector that grows by itself is twice the code, and keeps room it does not need.
    struct Reading {
      T& elements;
      size_t index;
    } reading{value, 0};
    return reader.read_array(&reading, [](JsonReader& inner, void* context) {
      auto& [elements, index] = *static_cast<Reading*>(context);
      if (index == 0) elements = T(inner.count_elements());
      if constexpr (std::is_same_v<typename T::value_type, bool>) {
        bool element = false;  // std::vector<bool> has no elements to refer to
        if (!read_json_value(inner, element)) return false;
        elements[index++] = element;
        return true;
      } else {
        return read_json_value(inner, elements[index++]);
      }
    });
  } else {
    static_assert(
        JsonStruct<T>,
        "JSON is read into bool, whole numbers, double, std::string, std::vector, std::optional and structs "
        "with `static constexpr auto json = wasmup::json_fields(...)`");
    if constexpr (JsonStruct<T>) return reader.read_object(&value, json_shape_of<T>);
  }
}

/// An empty text is a struct's defaults, if it has no field that must be there.
template <class T>
WASMUP_DETAIL_LOCAL bool read_json_document(JsonReader& reader, T& value) {
  if constexpr (JsonStruct<T>) {
    if (reader.next() == '\0') return reader.has_all(json_shape_of<T>, 0) && reader.read_end();
  }
  return read_json_value(reader, value) && reader.read_end();
}

[[gnu::noinline]] WASMUP_DETAIL_LOCAL inline void log_json_error(const char* what, const JsonError& error) {
  JsonError line;
  line.add(what).add(", line ").add(error.line).add(", column ").add(error.column).add(": ");
  line.add(error.reason().data(), error.reason().size());
  log::error(line.reason());
}

}  // namespace detail

/// Reads a whole text; nothing when all is well. After an error, part of `value` may have been read.
template <class T>
[[nodiscard]] std::optional<JsonError> read_json(std::string_view text, T& value) {
  detail::JsonReader reader(text);
  if (!detail::read_json_document(reader, value)) return reader.error();
  return std::nullopt;
}

/// The same for on_configure: false when it is refused, after a line in the log that says what and where.
template <class T>
[[nodiscard]] bool read_configuration(std::string_view text, T& value) {
  detail::JsonReader reader(text);
  if (detail::read_json_document(reader, value)) return true;
  detail::log_json_error("plugin configuration", reader.error());
  return false;
}

}  // namespace wasmup
