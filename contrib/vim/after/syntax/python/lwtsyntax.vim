" Markers of lwtsyntax in Python files: lwt(e), for x in for_lwt(xs), @lwt above a def.

" forms: written by `python -m tools.forms`
syn match lwtMarker `\%(\%(def\|class\)\s\+\|\.\)\@<!\<\%(lwt\|for_lwt\|while_lwt\|match_lwt\|with_lwt\)\>\ze\s*(`
syn match lwtMarker `\%(^\s*case\s\+\)\@<=\<\%(exception\)\>\ze\s*(`
syn match lwtMarker `@\@1<=\%(lwt\|lwt_stream\)\>[.(]\@!` contained containedin=pythonDecoratorName
" end

hi def link lwtMarker Statement
