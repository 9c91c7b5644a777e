/// The looks of the page: light, dark, on paper, on a phone.
enum HTMLStyle {
    /// The style sheet.
    ///
    /// Colours of text keep a contrast of 4.5 to 1 to their ground, those of marks 3 to 1 (WCAG 2.2 AA).
    static let text: StaticString = """
        :root{color-scheme:light dark;--text:#1b1f24;--dim:#57606a;--page:#fff;--card:#f6f8fa;--line:#d0d7de;--link:#0550ae;\
        --critical:#82071e;--high:#b42318;--medium:#8a4600;--low:#0550ae;--informational:#57606a;--ok:#1a7f4b;--bad:#c0362c;\
        --warn:#b06a00;--purple:#7a45c4;--brown:#7d5a3c;--teal:#0b7f8a;--grey:#7b848e;--track:#e7ebef;--h1:#d9c8f2;--h2:#b794e6;--h3:#9560d8;\
        --h4:#7132bd;--h5:#3f0f80}
        @media(prefers-color-scheme:dark){:root{--text:#e6edf3;--dim:#9da7b3;--page:#0d1117;--card:#161b22;--line:#3d444d;\
        --link:#79c0ff;--critical:#ff9492;--high:#ff7b72;--medium:#f0b35e;--low:#79c0ff;--informational:#9da7b3;--ok:#3fb971;\
        --bad:#ff6a5e;--warn:#e0a030;--purple:#b48af0;--brown:#c49a76;--teal:#35b8c4;--grey:#7d8590;--track:#262c34;--h1:#3a2a5c;--h2:#57398f;\
        --h3:#7a50c4;--h4:#a27be6;--h5:#d9c4ff}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:80rem;padding:1rem 1.25rem 3rem;color:var(--text);background:var(--page);\
        font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
        h1{margin:0;font-size:1rem;color:var(--dim);font-weight:600}h2{margin:2.25rem 0 .75rem;font-size:1.35rem;\
        border-bottom:1px solid var(--line);padding-bottom:.25rem}h3{margin:0;font-size:1.05rem}h4{margin:1.25rem 0 .25rem;font-size:.95rem}
        a{color:var(--link)}p{margin:.4rem 0}.dim{color:var(--dim)}
        .verdict{border-left:.5rem solid var(--ok);padding:.5rem 1rem;background:var(--card)}
        .verdict.trouble{border-left-color:var(--bad)}
        .verdict.undecided{border:2px dashed var(--warn);border-left:.5rem dashed var(--warn)}
        .lead{font-size:1.5rem;line-height:1.3;font-weight:650;margin:.25rem 0}
        .skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--page);padding:.5rem}
        nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:.75rem 0 0;padding:.6rem .9rem;\
        background:var(--card);border:1px solid var(--line);border-radius:.5rem}
        article{border:1px solid var(--line);border-radius:.5rem;background:var(--card);padding:.75rem 1rem;margin:0 0 .75rem}
        .incident>summary{list-style:none;padding:0;color:inherit}.incident>summary::-webkit-details-marker{display:none}
        .incident>summary h3::before{content:"\\25B8";display:inline-block;width:1.1rem;color:var(--dim)}
        .incident[open]>summary h3::before{content:"\\25BE"}
        .facts{color:var(--dim)}.facts .spark{display:inline-block;width:9rem;height:1.1rem;vertical-align:-.2rem}
        .badge{display:inline-block;border:2px solid currentColor;border-radius:.35rem;padding:0 .4rem;font-size:.78rem;\
        font-weight:700;margin-right:.5rem;vertical-align:.08rem;white-space:nowrap}
        .badge.sev-critical{color:var(--critical)}.badge.sev-high{color:var(--high)}.badge.sev-medium{color:var(--medium)}\
        .badge.sev-low{color:var(--low)}.badge.sev-informational{color:var(--informational)}\
        .badge.sev-critical,.badge.sev-high{border-style:double;border-width:3px}
        dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.2rem 1rem;margin:.4rem 0}
        dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
        .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem;margin:.4rem 0}
        caption{text-align:left;color:var(--dim);padding:.2rem 0}
        th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);font-weight:400}
        thead th{font-weight:600;color:var(--dim)}td,tbody th{overflow-wrap:anywhere}
        .n,.t{white-space:nowrap;font-variant-numeric:tabular-nums}.n{text-align:right}
        tr.stage th{font-weight:600}tr.loss th{padding-left:1.25rem}tr.bad td{color:var(--bad)}
        .bars{width:40%;min-width:8rem}.bar,.strip{display:block;width:100%;height:.9rem;margin-top:.25rem}
        .funnel th{width:16rem}.funnel td:last-child{width:12rem}.funnel a,.funnel .n{white-space:nowrap}.narrow{max-width:30rem}.narrow .bars{width:50%}
        .grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:1rem 2rem}
        .spark{display:block;width:100%;height:1.5rem}
        figure{margin:1rem 0 1.5rem}figcaption{font-size:.95rem;margin-bottom:.25rem}
        .plot{display:block;width:100%;height:8rem;background:var(--card);border-bottom:1px solid var(--dim);touch-action:pan-y}
        .axis{display:flex;justify-content:space-between;gap:1rem;margin:.1rem 0;font-size:.8rem;color:var(--dim)}
        .axis span:nth-child(2){text-align:center}.axis span:last-child{text-align:right}
        .legend{display:flex;flex-wrap:wrap;gap:.1rem 1.25rem;list-style:none;padding:0;margin:.25rem 0;font-size:.85rem}
        .swatch{width:.8rem;height:.8rem;margin-right:.35rem;vertical-align:-.05rem}
        .span{margin:.35rem 0;font-size:.85rem}.span a{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        .track{fill:var(--track)}.connected{fill:var(--ok)}.refused,.failed{fill:var(--bad)}.failed{fill:var(--critical)}\
        .elsewhere{fill:var(--teal)}.silent{fill:var(--purple)}.throttled{fill:var(--warn)}.disabled{fill:var(--brown)}\
        .undetermined,.undetermined2,.undetermined3,.unknown{fill:var(--grey)}.normal{fill:var(--grey)}
        .sev-critical{fill:var(--critical)}.sev-high{fill:var(--high)}.sev-medium{fill:var(--medium)}.sev-low{fill:var(--low)}\
        .sev-informational{fill:var(--grey)}.change{fill:none;stroke:var(--text);stroke-width:2;vector-effect:non-scaling-stroke}
        .heat1{fill:var(--h1)}.heat2{fill:var(--h2)}.heat3{fill:var(--h3)}.heat4{fill:var(--h4)}.heat5{fill:var(--h5)}
        .nologs{fill:none;stroke:var(--grey);stroke-width:1;vector-effect:non-scaling-stroke}
        .hit{fill:transparent}.hit:hover{fill:var(--text);fill-opacity:.12}.pick{fill:var(--link);fill-opacity:.2}
        .funnel thead th:nth-child(2),.heat thead th:nth-child(n+3),.multiple thead th:nth-child(2),.multiple thead th:nth-child(3),\
        .delays thead th:nth-child(n+2),.shares thead th:nth-child(n+2),.rules thead th:nth-child(2),.findings thead th:nth-child(8),\
        .narrow thead th:nth-child(2),.besides thead th:nth-child(3){text-align:right}.funnel thead th:nth-child(3),.multiple thead th:nth-child(4){text-align:left}
        .rules th,.besides th,.findings td:nth-child(2){overflow-wrap:break-word}.rules code,.besides th code,.findings td:nth-child(2) code{overflow-wrap:break-word}
        tfoot td{border:0;padding-top:0}.copy{float:right;margin:.1rem 0 0 .5rem}
        .heat th{width:14rem}.heat .bars{width:60%}.heat .strip{height:1.1rem;margin:0}
        .findings small,.besides small{display:block;color:var(--dim);font-size:.8rem;overflow-wrap:anywhere}
        .findings td:nth-child(2),.findings td:nth-child(3){max-width:14rem}.findings .what{min-width:16rem;width:40%}
        .findings .t{white-space:normal;min-width:6.5rem}
        .controls{display:flex;flex-wrap:wrap;gap:.4rem .9rem;align-items:center;margin:.5rem 0}.controls[hidden]{display:none}
        select,input,button{font:inherit;font-size:.9rem;color:inherit;background:var(--page);border:1px solid var(--grey);\
        border-radius:.35rem;padding:.15rem .45rem;max-width:16rem}th button{border:0;background:none;padding:0;font-weight:600;color:var(--link);\
        cursor:pointer;text-align:left}button{cursor:pointer}
        code,pre{font-family:ui-monospace,"SFMono-Regular","DejaVu Sans Mono",monospace;font-size:.9em;overflow-wrap:anywhere}
        pre{white-space:pre-wrap;background:var(--page);border:1px solid var(--line);border-radius:.35rem;padding:.5rem .75rem;margin:.4rem 0}
        summary{cursor:pointer;padding:.25rem 0;color:var(--link)}:focus-visible{outline:3px solid var(--link);outline-offset:2px}
        .fix{border-left:4px solid var(--purple);padding-left:.75rem}.omitted{font-weight:600}
        footer{margin-top:3rem;border-top:1px solid var(--line);color:var(--dim);font-size:.9rem}
        @media screen and (max-width:46rem){body{padding:.75rem}.lead{font-size:1.2rem}dl{grid-template-columns:1fr}dt{margin-top:.3rem}
        .bars{width:22%;min-width:3rem}.funnel th,.funnel td:last-child{width:auto}.heat th{width:auto}
        .findings thead{display:none}.findings tr{display:block;border:1px solid var(--line);border-radius:.5rem;padding:.4rem .6rem;margin:.5rem 0}
        .findings tr[hidden]{display:none}
        .findings td{display:block;border:0;padding:.1rem 0;max-width:none;min-width:0;width:auto;text-align:left}
        .findings td.what{width:auto;min-width:0}
        .findings td:nth-child(5)::before{content:"state "}.findings td:nth-child(6)::before{content:"first seen "}
        .findings td:nth-child(7)::before{content:"last seen "}.findings td:nth-child(8)::before{content:"times "}
        .findings td:nth-child(n+5)::before{color:var(--dim)}
        .story thead{display:none}.story td{display:block;border:0;padding:0}.story tr{display:block;border-bottom:1px solid var(--line);padding:.25rem 0}}
        @media print{:root{--card:#fff}body{max-width:none;padding:0;font-size:9.5pt}nav,.skip,.controls,.numbers,.copy{display:none!important}
        .incident::details-content{content-visibility:visible;display:block}h2,h3,h4,caption,figcaption,summary{break-after:avoid}
        figure,tr,.span{break-inside:avoid}.findings tr[hidden]{display:table-row}pre{font-size:8pt}.findings{font-size:7.5pt}\
        .findings .what{min-width:0}.findings .t{min-width:4.5rem}}

        """
}
