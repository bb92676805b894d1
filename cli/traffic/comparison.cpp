// SPDX-License-Identifier: MIT
#include "comparison.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <set>

#include "../text/secrets.hpp"

namespace wasmup::traffic {
namespace {

bool differs_by_nature(std::string_view name) {
  return name == "date" || name == "age" || name == "x-envoy-upstream-service-time";
}

void compare_header(const std::string& name, const http::Headers& without, const http::Headers& with,
                    std::vector<Difference>& lines) {
  const std::vector<std::string> before = http::values(without, name);
  const std::vector<std::string> after = http::values(with, name);
  for (size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
    Difference line{Change::none, "", ""};
    if (i < before.size()) line.without = fmt::format("{}: {}", name, text::masked(name, before[i]));
    if (i < after.size()) line.with = fmt::format("{}: {}", name, text::masked(name, after[i]));
    if (line.without.empty()) {
      line.change = Change::added;
    } else if (line.with.empty()) {
      line.change = Change::removed;
    } else if (before[i] != after[i] && !differs_by_nature(name)) {
      line.change = Change::changed;
    }
    lines.push_back(std::move(line));
  }
}

Difference of_both(std::string without, std::string with, bool same) {
  return {same ? Change::none : Change::changed, std::move(without), std::move(with)};
}

std::string status_line(const http::Response& response) { return fmt::format("status {}", response.status); }

std::string body_line(const http::Response& response) {
  return fmt::format("({} bytes of body)", response.body.size());
}

}  // namespace

std::vector<Difference> compare(const http::Headers& without, const http::Headers& with) {
  std::vector<Difference> lines;
  std::set<std::string> done;
  for (const http::Headers* headers : {&without, &with}) {
    for (const auto& [name, value] : *headers) {
      if (done.insert(name).second) compare_header(name, without, with, lines);
    }
  }
  return lines;
}

std::vector<Difference> compare(const http::Response& without, const http::Response& with) {
  std::vector<Difference> lines{
      of_both(status_line(without), status_line(with), without.status == with.status)};
  std::ranges::move(compare(without.headers, with.headers), std::back_inserter(lines));
  lines.push_back(of_both(body_line(without), body_line(with), without.body == with.body));
  return lines;
}

}  // namespace wasmup::traffic
