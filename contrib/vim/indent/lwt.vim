" Vim indent file
" Language: Python with the keywords of lwtsyntax
"
" Python's own indentation, corrected where it depends on a keyword that Python does not have.

if exists('b:did_indent')
  finish
endif

runtime! indent/python.vim
let b:did_indent = 1
let b:lwt_python_indent = &l:indentexpr

setlocal indentexpr=GetLwtIndent()
setlocal indentkeys+==elif_lwt
let b:undo_indent = get(b:, 'undo_indent', 'setl inde< indk<') . '|unlet! b:lwt_python_indent'

if exists('*GetLwtIndent')
  finish
endif

" forms: written by `python -m tools.forms`
let s:headers = '\%(for_lwt\|while_lwt\|match_lwt\|if_lwt\|elif_lwt\|with_lwt\|try_lwt\)'
let s:dedenting = '\%(elif_lwt\)'
let s:ending = '\%(return_lwt\|raise_lwt\)'
let s:try = '\%(try_lwt\)'
" end

function! s:Starts(line, words) abort
  return a:line =~# '^\s*' . a:words . '\>'
endfunction

" Whether the user has taken the line back already.
function! s:IsDedented(lnum, expected) abort
  return indent(a:lnum) <= a:expected - shiftwidth()
endfunction

" The indent of the `try` or `except` that a handler belongs to, -1 if it stands right or there is none.
function! s:Handler(lnum) abort
  let l:lnum = a:lnum - 1
  while l:lnum >= 1
    if s:Starts(getline(l:lnum), '\%(try\|except\|' . s:try . '\)')
      return indent(l:lnum) < indent(a:lnum) ? indent(l:lnum) : -1
    endif
    let l:lnum -= 1
  endwhile
  return -1
endfunction

function! GetLwtIndent() abort
  let l:python = eval(b:lwt_python_indent)
  let l:line = getline(v:lnum)
  let l:previous = prevnonblank(v:lnum - 1)
  if l:previous == 0 || synIDattr(synID(v:lnum, 1, 1), 'name') =~# 'String$'
    return l:python
  endif
  let l:before = getline(l:previous)

  if s:Starts(l:line, '\%(except\|finally\)')
    return s:Handler(v:lnum)
  endif
  " behind a statement that leaves the block
  if l:python == -1 && s:Starts(l:before, s:ending)
    let l:expected = indent(l:previous)
    return s:IsDedented(v:lnum, l:expected) ? -1 : l:expected - shiftwidth()
  endif
  " behind a block on one line: `if_lwt c: return x`
  let l:is_one_line = s:Starts(l:before, s:headers) && l:before !~# ':\s*\%(#.*\)\=$'
  if l:is_one_line && s:Starts(l:line, '\%(elif\|else\|' . s:dedenting . '\)')
    return indent(l:previous)
  endif
  " `elif_lwt`, where Python takes a statement like any other
  if s:Starts(l:line, s:dedenting)
    let l:leaves = '\%(return\|raise\|break\|continue\|pass\|' . s:ending . '\)'
    let l:expected = l:python == -1 ? indent(l:previous) : l:python
    if s:Starts(l:before, l:leaves)
      return l:python
    endif
    return s:IsDedented(v:lnum, l:expected) ? -1 : l:expected - shiftwidth()
  endif
  return l:python
endfunction
