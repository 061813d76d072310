" Files in the keyword spelling of lwtsyntax.
autocmd BufNewFile,BufRead *.lwt setfiletype lwt
