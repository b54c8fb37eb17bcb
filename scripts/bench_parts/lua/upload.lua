-- POST photos as multipart forms, each with bytes of its own: a comment in the JPEG that the list gives.
-- options: photo (file), list (file: path, position, token, comment), boundary
local uploads, at, head, tail, boundary = {}, 0, "", "", ""
local COMMENT = string.rep("#", 32)

function init(args)
  local options = named(args)
  local file = assert(io.open(options.photo, "rb"))
  local photo = file:read("*a")
  file:close()
  local from, to = photo:find(COMMENT, 1, true)
  head, tail = photo:sub(1, from - 1), photo:sub(to + 1)
  boundary = options.boundary
  for _, line in ipairs(lines_of(options.list)) do
    local path, position, token, comment = line:match("^(%S+) (%S+) (%S+) (%S+)$")
    uploads[#uploads + 1] = {path, position, token, comment}
  end
end

function request()
  at = at + 1
  local upload = uploads[at] or uploads[#uploads]  -- running out is found out afterwards, by counting
  local body = table.concat({
    "--", boundary, '\r\nContent-Disposition: form-data; name="position"\r\n\r\n', upload[2],
    "\r\n--", boundary, '\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"',
    "\r\nContent-Type: image/jpeg\r\n\r\n", head, upload[4], tail, "\r\n--", boundary, "--\r\n"})
  return wrk.format("POST", upload[1],
    {["Authorization"] = "Bearer " .. upload[3], ["Content-Type"] = "multipart/form-data; boundary=" .. boundary}, body)
end
