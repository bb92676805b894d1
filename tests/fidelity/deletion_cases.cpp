// SPDX-License-Identifier: MIT
#include "cases.hpp"

namespace wasmup::fidelity {
namespace {

const std::string held_request = "request_headers: call there /x 0; return 1\n";

void leave_as_the_answer_comes(Player& it) {
  it.request("/a");
  it.leave_and_answer_call("/x", 200);
}

}  // namespace

std::vector<Case> deletion_cases() {
  return {
      {.name = "a_context_outlives_on_delete",
       .shows =
           "Envoy destroys a context at the end of the pass of its event loop in which the stream ended. "
           "What comes in this pass after on_delete, such as the answer of a call-out, can make it "
           "effective, read what the stream held, and keep properties; in the next pass it cannot.",
       .unexpected = "That set_effective_context answers OK is no proof that on_delete has not been.",
       .script = held_request + R"(
1 log:
1 done:
1 delete:
http_call_response: effective stream 1; get request_headers :path; add request_headers x-a 1; get request_headers x-a; get response_headers :status; bytes request_body 0 10; property request.path; set_property a b; property a; done; effective none; get request_headers :path
)",
       .play =
           [](Player& it) {
             leave_as_the_answer_comes(it);
             it.until("effective none = ok");
             it.stream(2);
             it.request("/b");
             it.answer_call("/x", 200);
           },
       .log = {"stream 1: request_headers, the end",
               "call there /x 0 = ok",
               "stream 1: log",
               "stream 1: done",
               "stream 1: delete",
               "root 1: http_call_response with headers, no body, 0 trailers",
               "effective stream 1 = ok",
               "get request_headers :path = ok \"/a\"",
               "add request_headers x-a 1 = ok",
               "get request_headers x-a = ok \"1\"",
               "get response_headers :status = bad_argument",
               "bytes request_body 0 10 = ok \"\"",
               "property request.path = ok \"/a\"",
               "set_property a b = ok",
               "property a = ok \"b\"",
               "done = not_found",
               "effective none = ok",
               "get request_headers :path = bad_argument",
               "stream 2: request_headers, the end",
               "call there /x 0 = ok",
               "root 1: http_call_response with headers, no body, 0 trailers",
               "effective stream 1 = bad_argument",
               "get request_headers :path = bad_argument",
               "add request_headers x-a 1 = bad_argument",
               "get request_headers x-a = bad_argument",
               "get response_headers :status = bad_argument",
               "bytes request_body 0 10 = ok \"\"",
               "property request.path = not_found",
               "set_property a b = not_found",
               "property a = not_found",
               "done = not_found",
               "effective none = ok",
               "get request_headers :path = bad_argument"},
       .upstream = " | ",
       .client = " | "},
      {.name = "nothing_comes_of_a_deleted_request",
       .shows = "To let such a stream go, to answer it and to close it is OK, and does nothing.",
       .script = held_request +
                 "1 delete:\nhttp_call_response: effective stream 1; continue request; reply 403 "
                 "no; close request\nresponse_headers:",
       .play = leave_as_the_answer_comes,
       .log = {"stream 1: request_headers, the end", "call there /x 0 = ok", "stream 1: delete",
               "root 1: http_call_response with headers, no body, 0 trailers", "effective stream 1 = ok",
               "continue request = ok", "reply 403 no = ok", "close request = ok"}},
      {.name = "nothing_comes_of_a_deleted_response",
       .shows = "The same of a response that was held.",
       .script =
           "response_headers: call there /x 0; return 1\n1 delete:\nhttp_call_response: effective stream "
           "1; get response_headers :status; add response_headers x-a 1; continue response; reply 403 no",
       .play =
           [](Player& it) {
             it.request("/a");
             it.respond(200);
             it.leave_and_answer_call("/x", 200);
           },
       .log = {"stream 1: response_headers, the end", "call there /x 0 = ok", "stream 1: delete",
               "root 1: http_call_response with headers, no body, 0 trailers", "effective stream 1 = ok",
               "get response_headers :status = ok \"200\"", "add response_headers x-a 1 = ok",
               "continue response = ok", "reply 403 no = ok"},
       .upstream = "GET /a"},
      {.name = "a_deleted_stream_makes_call_outs",
       .shows = "A call-out that it makes is answered, to its root.",
       .script = held_request +
                 "1 delete:\nhttp_call_response: get call_headers :status; effective stream 1; "
                 "call there /y 0",
       .play =
           [](Player& it) {
             leave_as_the_answer_comes(it);
             it.answer_call("/y", 201);
           },
       .log = {"stream 1: request_headers, the end", "call there /x 0 = ok", "stream 1: delete",
               "root 1: http_call_response with headers, no body, 0 trailers",
               "get call_headers :status = ok \"200\"", "effective stream 1 = ok", "call there /y 0 = ok",
               "root 1: http_call_response with headers, no body, 0 trailers",
               "get call_headers :status = ok \"201\"", "effective stream 1 = bad_argument",
               "call there /y 0 = ok"}},
      {.name = "two_resets_of_a_deleted_stream",
       .shows = "Closing it twice ends Envoy as a whole.",
       .unexpected = "Nothing of the kind is said in the specification.",
       .script = held_request + "http_call_response: effective stream 1; close request; close request",
       .play = leave_as_the_answer_comes,
       .crashes = true},
      {.name = "letting_a_response_of_a_deleted_stream_go",
       .shows = "So does letting go of its response that has not begun.",
       .unexpected = "Nothing of the kind is said in the specification.",
       .script = held_request + "http_call_response: effective stream 1; continue response",
       .play = leave_as_the_answer_comes,
       .crashes = true},
  };
}

}  // namespace wasmup::fidelity
