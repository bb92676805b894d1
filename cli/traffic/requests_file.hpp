// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../error.hpp"
#include "../http/client.hpp"
#include "../text/file.hpp"
#include "expectation.hpp"

namespace wasmup::traffic {

/// A request, how often it is sent, and what each response must carry.
struct Case {
  std::string name;
  http::Request request;  ///< its URL may be a path, until it is said which server to ask
  int count = 1;
  std::vector<Expectation> expectations;
};

/// A file such as
///
///     url: http://127.0.0.1:8080     # of the server; may be left to whoever runs it
///     requests:
///       - name: the header is there
///         path: /get                 # or url: all of it
///         method: POST               # default: GET, and POST with a body
///         headers: {x-name: a}
///         body: text
///         count: 3                   # each of them must hold
///         expect:                    # something must be expected
///           status: 200
///           headers: {x-wasm-custom: FOO}       # exactly once, this value; [a, b]: these, in order
///           absent: [server]
///           body: {contains: hello}             # or equals, lacks; contains and lacks may be lists
///           trailers: {x-t: "1"}
struct RequestsFile {
  std::optional<std::string> url;
  std::vector<Case> cases;
};

/// Whether requests may name the server that they go to. Those of a filter's folder or of a cluster may not:
/// they are somebody else's, and the user's machine reaches what that somebody does not.
enum class Urls { any, paths_only };

/// `name` is of the text, for errors. All of them are of usage, with the place as NAME:LINE:COLUMN.
Expected<RequestsFile> parse_requests(const std::string& text, std::string_view name, Urls urls);

/// At most 1 MiB of it. A file that the user has named himself may have whole URLs.
Expected<RequestsFile> read_requests_file(const text::Origin& origin);

/// The cases with whole URLs: what is a path there is one of this server, or without one, of the file's.
Expected<std::vector<Case>> cases_for(const RequestsFile& file, const std::optional<std::string>& server);

}  // namespace wasmup::traffic
