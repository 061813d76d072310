" Vim filetype plugin
" Language: Python with the keywords of lwtsyntax

if exists('b:did_ftplugin')
  finish
endif

runtime! ftplugin/python.vim ftplugin/python_*.vim ftplugin/python/*.vim
let b:did_ftplugin = 1

" % on the first word of a line goes to the next clause of its statement, g% to the one before; anywhere else
" they do what matchit does, or vim.  matchit itself cannot know where a Python block ends.
if !exists('g:no_plugin_maps') && !exists('g:no_lwt_maps')
  nmap <buffer> <silent> <expr> % <SID>Percent(1, 'Normal')
  xmap <buffer> <silent> <expr> % <SID>Percent(1, 'Visual')
  omap <buffer> <silent> <expr> % <SID>Percent(1, 'Operation')
  nmap <buffer> <silent> <expr> g% <SID>Percent(-1, 'Normal')
  xmap <buffer> <silent> <expr> g% <SID>Percent(-1, 'Visual')
  omap <buffer> <silent> <expr> g% <SID>Percent(-1, 'Operation')
endif
let b:undo_ftplugin = get(b:, 'undo_ftplugin', 'setl cms<')
      \ . '|silent! unmap <buffer> %|silent! unmap <buffer> g%'

if exists('*s:Percent')
  finish
endif

" forms: written by `python -m tools.forms`
let s:chains = [
      \ ['\%(if\|if_lwt\)', '\%(elif\|elif_lwt\|else\)'],
      \ ['\%(for\|for_lwt\|while\|while_lwt\)', '\%(else\)'],
      \ ['\%(try\|try_lwt\)', '\%(except\|else\|finally\)'],
      \ ]
" end

function! s:Percent(step, mode) abort
  let l:clauses = s:Clauses(line('.'))
  if v:count == 0 && len(l:clauses) > 1 && s:IsOnFirstWord()
    let l:index = (index(l:clauses, line('.')) + a:step) % len(l:clauses)
    let l:line = l:clauses[l:index]
    return printf("\<Cmd>call cursor(%d, %d)\<CR>", l:line, indent(l:line) + 1)
  endif
  if exists('g:loaded_matchit')
    return "\<Plug>(Matchit" . a:mode . (a:step > 0 ? 'Forward)' : 'Backward)')
  endif
  return a:step > 0 ? '%' : 'g%'
endfunction

function! s:IsOnFirstWord() abort
  return col('.') <= matchend(getline('.'), '^\s*\w*')
endfunction

function! s:Opens(lnum, words) abort
  return getline(a:lnum) =~# '^\s*' . a:words . '\>'
endfunction

" The lines of all clauses of the statement that has one in this line.
function! s:Clauses(lnum) abort
  for [l:opening, l:clause] in s:chains
    let l:first = a:lnum
    while l:first && s:Opens(l:first, l:clause)
      let l:first = s:Neighbour(l:first, -1)
    endwhile
    if l:first && s:Opens(l:first, l:opening)
      let l:found = [l:first]
      let l:next = s:Neighbour(l:first, 1)
      while l:next && s:Opens(l:next, l:clause)
        call add(l:found, l:next)
        let l:next = s:Neighbour(l:next, 1)
      endwhile
      return l:found
    endif
  endfor
  return []
endfunction

" The next line with the same indentation, 0 if the block ends before; a closing bracket goes on with a line.
function! s:Neighbour(lnum, step) abort
  let l:lnum = a:lnum + a:step
  while l:lnum >= 1 && l:lnum <= line('$')
    let l:is_text = getline(l:lnum) =~# '^\s*[^#[:space:])\]}]'
    if l:is_text && indent(l:lnum) <= indent(a:lnum)
      return indent(l:lnum) == indent(a:lnum) ? l:lnum : 0
    endif
    let l:lnum += a:step
  endwhile
  return 0
endfunction
