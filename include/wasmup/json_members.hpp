// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <wasmup/json.hpp>

/// JSON of a shape that is not known before, such as other people's bodies: checked as a whole, and taken
/// apart as far as its members.
namespace wasmup {

/// A member of an object, in the order of the text.
struct JsonMember {
  std::string name;
  JsonKind kind = JsonKind::null;
  std::string_view text = {};  ///< its value as it stands in the text; read_json reads it further
};

/// Checks that `text` is one JSON object as strictly as read_json does, whatever it holds, and lists its
/// members. Nothing when it is; else what is wrong, and `members` is of no use. A name that comes twice is
/// listed twice. The views look into `text`.
[[nodiscard]] inline std::optional<JsonError> read_json_members(std::string_view text,
                                                                std::vector<JsonMember>& members) {
  struct Listing {
    std::string_view text;
    std::vector<JsonMember>& members;
  } listing{text, members};
  members.clear();
  detail::JsonReader reader(text);
  const bool is_read = reader.read_members(&listing, [](detail::JsonReader& inner, void* object) {
    const Listing& that = *static_cast<Listing*>(object);
    JsonMember& member = that.members.emplace_back();
    member.name = inner.name();
    member.kind = inner.kind();
    const size_t start = inner.position();
    if (!inner.skip_value()) return false;
    member.text = that.text.substr(start, inner.position() - start);
    return true;
  });
  if (is_read && reader.read_end()) return std::nullopt;
  return reader.error();
}

}  // namespace wasmup
