-- Runs in a headless Neovim: opens files of a repository with the language server, and writes down what its user sees.
local root, python, answer = vim.env.REPOSITORY, vim.env.SERVER_PYTHON, vim.env.ANSWER
local seen = {}

local function until_(is_so, what)
  if not vim.wait(60000, is_so, 20) then
    error("nothing came: " .. what)
  end
end

local client = vim.lsp.start_client({
  name = "nixlint-ort",
  cmd = { python, "-m", "nixlint_ort", "lsp" },
  root_dir = root,
  workspace_folders = { { uri = vim.uri_from_fname(root), name = "repository" } },
})

local function open(path)
  vim.cmd("edit! " .. vim.fn.fnameescape(root .. "/" .. path))
  local buffer = vim.api.nvim_get_current_buf()
  vim.lsp.buf_attach_client(buffer, client)
  return buffer
end

local function codes(buffer)
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(found, one.code or (one.user_data and one.user_data.lsp and one.user_data.lsp.code))
  end
  table.sort(found)
  return found
end

local function actions(buffer)
  local params = vim.lsp.util.make_range_params()
  params.range = { start = { line = 0, character = 0 }, ["end"] = { line = vim.api.nvim_buf_line_count(buffer), character = 0 } }
  params.context = { diagnostics = {} }
  local answers = vim.lsp.buf_request_sync(buffer, "textDocument/codeAction", params, 60000)
  return answers[client].result or {}
end

local function apply(buffer, title)
  for _, action in ipairs(actions(buffer)) do
    if action.title:find(title, 1, true) == 1 then
      vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(client).offset_encoding)
      return
    end
  end
  error("no action " .. title)
end

local ok, problem = pcall(function()
  local variant = open(vim.env.WRONG_DRIVER)
  until_(function() return #codes(variant) > 0 end, "a diagnostic of the driver")
  seen.driver = codes(variant)
  seen.message = vim.diagnostic.get(variant)[1].message
  apply(variant, "Fix header-driver")
  until_(function() return #codes(variant) == 0 end, "no diagnostic after the fix")
  seen.mended = table.concat(vim.api.nvim_buf_get_lines(variant, 0, -1, false), "\n") .. "\n"

  local document = open("README.md")
  until_(function() return #codes(document) > 0 end, "a diagnostic of the count")
  seen.document = codes(document)
  apply(document, "Fix document-count")
  until_(function() return #codes(document) == 0 end, "no diagnostic of the count")

  local odd = open(vim.env.ODD)
  vim.cmd("%s/allowUnfree = true/allowUnfree = false/")
  until_(function() return #codes(odd) > 0 end, "a diagnostic of the odd one")
  seen.odd = codes(odd)
  vim.cmd("undo")
  until_(function() return #codes(odd) == 0 end, "no diagnostic after undo")

  local misnamed = open(vim.env.MISNAMED)
  until_(function() return #codes(misnamed) > 0 end, "a diagnostic of the name")
  seen.misnamed = codes(misnamed)
  apply(misnamed, "Fix filename-stack")
  seen.renamed = vim.fn.filereadable(root .. "/" .. vim.env.RIGHT_NAME)
end)

seen.problem = ok and vim.NIL or tostring(problem)
local file = io.open(answer, "w")
file:write(vim.json.encode(seen))
file:close()
vim.lsp.stop_client(client)
vim.cmd("qall!")
