" Vim syntax file
" Language: Python with the keywords of lwtsyntax
"
" Python's own syntax, and the forms where statements begin.  The words are soft keywords: `lwt` before a
" bracket or an operator is a variable.

if exists('b:current_syntax')
  finish
endif

runtime! syntax/python.vim syntax/python/*.vim
unlet! b:current_syntax

" forms: written by `python -m tools.forms`
syn match lwtStatement `\%(\%(^\|[:;]\)\s*\)\@<=\<\%(lwt\|return_lwt\|assert_lwt\)\>\%(\s\+\%(\%(and\|or\|in\|is\|if\|else\|for\|as\|from\)\>\|not\s\+in\>\)\@!\h\|\s\+\d\|\s*\%(['"{~]\|\.\d\|\.\.\.\|\\$\)\|\s*([^()]*)\s*==\@!\)\@=`
syn match lwtException `\%(\%(^\|[:;]\)\s*\)\@<=\<\%(raise_lwt\)\>\%(\s\+\%(\%(and\|or\|in\|is\|if\|else\|for\|as\|from\)\>\|not\s\+in\>\)\@!\h\|\s\+\d\|\s*\%(['"{~]\|\.\d\|\.\.\.\|\\$\)\|\s*([^()]*)\s*==\@!\)\@=`
syn match lwtRepeat `\%(\%(^\|[:;]\)\s*\)\@<=\<\%(for_lwt\|while_lwt\)\>\%(\s\+\%(\%(and\|or\|in\|is\|if\|else\|for\|as\|from\)\>\|not\s\+in\>\)\@!\h\|\s\+\d\|\s*\%(['"{~]\|\.\d\|\.\.\.\|\\$\)\|\s*[(\[*+-]=\@!.\{-}\%(:\|[(\[{,\\]\s*\%(#.*\)\=$\)\)\@=`
syn match lwtConditional `\%(\%(^\|[:;]\)\s*\)\@<=\<\%(match_lwt\|if_lwt\|elif_lwt\)\>\%(\s\+\%(\%(and\|or\|in\|is\|if\|else\|for\|as\|from\)\>\|not\s\+in\>\)\@!\h\|\s\+\d\|\s*\%(['"{~]\|\.\d\|\.\.\.\|\\$\)\|\s*[(\[*+-]=\@!.\{-}\%(:\|[(\[{,\\]\s*\%(#.*\)\=$\)\)\@=`
syn match lwtStatement `\%(\%(^\|[:;]\)\s*\)\@<=\<\%(with_lwt\)\>\%(\s\+\%(\%(and\|or\|in\|is\|if\|else\|for\|as\|from\)\>\|not\s\+in\>\)\@!\h\|\s\+\d\|\s*\%(['"{~]\|\.\d\|\.\.\.\|\\$\)\|\s*[(\[*+-]=\@!.\{-}\%(:\|[(\[{,\\]\s*\%(#.*\)\=$\)\)\@=`
syn match lwtException `\%(\%(^\|[:;]\)\s*\)\@<=\<\%(try_lwt\)\>\%(\s*:\)\@=`
syn match lwtConditional `\%(^\s*case\s\+\)\@<=\<\%(exception\)\>\%(\s\+\%(\%(if\|as\)\>\)\@!\h\|\s*['"0-9\[{-]\)\@=`
" end

hi def link lwtStatement Statement
hi def link lwtConditional Conditional
hi def link lwtRepeat Repeat
hi def link lwtException Exception

let b:current_syntax = 'lwt'
