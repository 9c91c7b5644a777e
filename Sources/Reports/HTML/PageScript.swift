/// The behaviour of the page: sorting, filtering, pages, the address, CSV, zooming.
///
/// The page is whole without it.
enum PageScript {
    /// The script.
    ///
    /// It makes no request, keeps nothing, and puts text from the page back into the page only as text.
    static let text: StaticString = #"""
        "use strict";(()=>{
        const $=id=>document.getElementById(id),all=(q,e=document)=>[...e.querySelectorAll(q)];
        const state=new URLSearchParams(),prefix="#findings&";
        if(location.hash.startsWith(prefix))for(const[k,v]of new URLSearchParams(location.hash.slice(prefix.length)))state.set(k,v);
        const keep=()=>{for(const[k,v]of[...state])if(v==="")state.delete(k);const text=state.toString();
        try{history.replaceState(null,"",text?prefix+text:location.hash.startsWith(prefix)?"#findings":location.hash||"#")}catch{}};

        let inSpan=null,filter=()=>{};
        const table=$("finding-table");
        if(table){
        const body=table.tBodies[0],heads=[...table.tHead.rows[0].cells],names=heads.map(h=>h.textContent);
        const size=100,rank=["informational","low","medium","high","critical"];
        const rows=[...body.rows].map((row,place)=>{const cells=[...row.cells].map(c=>[...c.childNodes].filter(n=>n.nodeName!=="DETAILS").map(n=>n.textContent).join(""));
        const time=c=>cells[c]?Date.parse(cells[c]):null;
        return{row,place,cells,first:time(5),last:time(6),values:{severity:cells[0],rule:cells[1],state:cells[4],group:row.dataset.group,hub:row.dataset.hub},
        text:cells.join("\n").toLowerCase()+"\n"+row.dataset.id}});
        const filters=all("[data-filter]",$("filter"));let shown=rows,page=0;
        const key=(r,c)=>c===0?rank.indexOf(r.cells[0]):c===7?Number(r.cells[7]):r.cells[c];
        const draw=()=>{const pages=Math.max(1,Math.ceil(shown.length/size));page=Math.min(Math.max(page,0),pages-1);
        const on=new Set(shown.slice(page*size,(page+1)*size));for(const r of rows)r.row.hidden=!on.has(r);
        $("count").textContent=shown.length+" of "+rows.length+" shown"+(inSpan?", seen in the time that is chosen above":"");$("pages").hidden=pages<2;
        $("page").textContent=" page "+(page+1)+" of "+pages+" ";$("back").disabled=page===0;$("forward").disabled=page===pages-1};
        const apply=filter=()=>{shown=rows.filter(r=>(!inSpan||r.last===null||r.last>=inSpan[0]&&r.first<inSpan[1])&&filters.every(f=>{const k=f.dataset.filter,v=f.value;
        return!v||(k==="text"?v.toLowerCase().split(/\s+/).every(w=>r.text.includes(w)):r.values[k]===v)}));
        const sort=state.get("sort"),down=sort&&sort[0]==="-",column=sort?names.indexOf(down?sort.slice(1):sort):-1;
        if(column>=0)shown.sort((a,b)=>{const x=key(a,column),y=key(b,column);return(x<y?-1:x>y?1:a.place-b.place)*(down&&x!==y?-1:1)});
        heads.forEach((h,i)=>h.setAttribute("aria-sort",i!==column?"none":down?"descending":"ascending"));
        const list=document.createDocumentFragment(),on=new Set(shown);for(const r of shown)list.append(r.row);
        for(const r of rows)if(!on.has(r))list.append(r.row);
        body.append(list);draw()};
        heads.forEach((h,i)=>{const b=document.createElement("button");b.type="button";b.textContent=names[i];
        b.addEventListener("click",()=>{const now=state.get("sort");state.set("sort",now===names[i]?"-"+names[i]:now==="-"+names[i]?"":names[i]);
        keep();apply()});h.replaceChildren(b)});
        for(const f of filters){const k=f.dataset.filter;if(state.has(k))f.value=state.get(k);
        f.addEventListener(k==="text"?"input":"change",()=>{state.set(k,f.value);page=0;keep();apply()})}
        $("clear").addEventListener("click",()=>{for(const f of filters){f.value="";state.delete(f.dataset.filter)}page=0;
        if(inSpan)$("zoom-reset").click();else{keep();apply()}});
        $("back").addEventListener("click",()=>{page--;draw()});$("forward").addEventListener("click",()=>{page++;draw()});
        const quote=t=>{t=/^[=+\-@\t\r]/.test(t)?"'"+t:t;return/[",\r\n]/.test(t)?'"'+t.replaceAll('"','""')+'"':t};
        $("csv").addEventListener("click",()=>{const lines=[["finding_id",...names.map(n=>n.replaceAll(" ","_")),"enrollment_group","hub"],
        ...shown.map(r=>[r.row.dataset.id,...r.cells,r.row.dataset.group,r.row.dataset.hub])].map(l=>l.map(quote).join(","));
        const link=document.createElement("a");link.href=URL.createObjectURL(new Blob([lines.join("\n")+"\n"],{type:"text/csv"}));
        link.download="findings.csv";link.click();setTimeout(()=>URL.revokeObjectURL(link.href),1000)});
        $("filter").hidden=false;apply();
        if(location.hash.startsWith(prefix))$("findings").scrollIntoView();
        addEventListener("beforeprint",()=>{for(const r of rows)r.row.hidden=!shown.includes(r)});addEventListener("afterprint",draw)}

        for(const p of all("pre[data-copy]")){const b=document.createElement("button"),text=p.textContent;b.type="button";b.className="copy";
        b.textContent="Copy";b.setAttribute("aria-label","Copy: "+p.previousElementSibling.textContent);
        const said=t=>{b.textContent=t;setTimeout(()=>{b.textContent="Copy"},2000)};
        const marked=()=>{const r=document.createRange();r.selectNodeContents(p);const s=getSelection();s.removeAllRanges();s.addRange(r);said("Marked")};
        b.addEventListener("click",()=>{const c=navigator.clipboard;c?c.writeText(text).then(()=>said("Copied"),marked):marked()});
        p.before(b)}

        let opened=[];
        addEventListener("beforeprint",()=>{opened=all("details.incident:not([open])");for(const d of opened)d.open=true});
        addEventListener("afterprint",()=>{for(const d of opened)d.open=false});
        const target=()=>{const place=/^#incident-/.test(location.hash)&&$(location.hash.slice(1));
        if(place){place.querySelector("details").open=true;place.scrollIntoView()}};
        addEventListener("hashchange",target);target();

        const zoom=$("zoom");
        if(zoom){
        const begin=Number(zoom.dataset.begin),step=Number(zoom.dataset.step),count=Number(zoom.dataset.count);
        const name=i=>new Date((begin+i*step)*1000).toISOString().slice(0,16).replace("T"," ");
        const from=$("zoom-from"),to=$("zoom-to"),plots=all("svg[data-time]").filter(s=>Number(s.getAttribute("viewBox").split(" ")[2])===count);
        for(let i=0;i<count;i++){from.add(new Option(name(i),i));to.add(new Option(name(i+1),i+1))}
        const show=(a,b)=>{a=Math.max(0,Math.min(a,count-1));b=Math.max(a+1,Math.min(b,count));from.value=a;to.value=b;
        for(const s of plots){const box=s.getAttribute("viewBox").split(" ");s.setAttribute("viewBox",a+" 0 "+(b-a)+" "+box[3])}
        for(const p of all("[data-axis]")){const t=[name(a),name((a+b)/2),name(b)];[...p.children].forEach((c,i)=>{c.textContent=t[i]})}
        state.set("from",a>0?a:"");state.set("to",b<count?b:"");
        inSpan=a>0||b<count?[(begin+a*step)*1000,(begin+b*step)*1000]:null;keep();filter()};
        const pick=()=>show(Number(from.value),Number(to.value));
        from.addEventListener("change",pick);to.addEventListener("change",pick);$("zoom-reset").addEventListener("click",()=>show(0,count));
        for(const s of all("svg.plot[data-time]")){let start=null,mark=null;
        const at=e=>{const r=s.getBoundingClientRect(),v=s.getAttribute("viewBox").split(" ");
        return Number(v[0])+Math.max(0,Math.min(1,(e.clientX-r.left)/r.width))*Number(v[2])};
        s.addEventListener("pointerdown",e=>{if(e.button)return;start=at(e);mark=document.createElementNS(s.namespaceURI,"rect");
        mark.setAttribute("class","pick");mark.setAttribute("height","100");s.append(mark);s.setPointerCapture(e.pointerId)});
        s.addEventListener("pointermove",e=>{if(start===null)return;const x=at(e);mark.setAttribute("x",Math.min(start,x));
        mark.setAttribute("width",Math.abs(x-start))});
        const end=e=>{if(start===null)return;const x=at(e),a=Math.min(start,x),b=Math.max(start,x);mark.remove();start=null;
        if(e.type==="pointerup"&&b-a>=.5)show(Math.floor(a),Math.ceil(b))};
        s.addEventListener("pointerup",end);s.addEventListener("pointercancel",end)}
        zoom.hidden=false;from.value=0;to.value=count;if(state.has("from")||state.has("to"))show(Number(state.get("from")||0),Number(state.get("to")||count))}
        })();

        """#
}
