// Terminado's protocol: JSON arrays, ["stdin", text] up, ["stdout", text] down, ["set_size", rows, columns].
const screen = new Terminal({ cursorBlink: true, screenReaderMode: true })
const place = document.getElementById('shell')
screen.open(place)
screen.focus()

const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:'
const socket = new WebSocket(`${scheme}//${location.host}/shell`)
const send = (...words) => {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(words))
}

// As many cells as fit; a cell's size is that of the first line drawn.
function fit() {
  const line = place.querySelector('.xterm-rows > div')
  const height = line ? line.getBoundingClientRect().height : 17
  const probe = document.createElement('span')
  probe.textContent = 'W'.repeat(20)
  probe.style.cssText = 'position:absolute;visibility:hidden;font:' + getComputedStyle(place.querySelector('.xterm-rows') || place).font
  place.append(probe)
  const width = probe.getBoundingClientRect().width / 20 || 9
  probe.remove()
  const columns = Math.max(20, Math.floor((place.clientWidth - 20) / width))
  const rows = Math.max(5, Math.floor(place.clientHeight / (height || 17)))
  screen.resize(columns, rows)
  send('set_size', rows, columns, place.clientHeight, place.clientWidth)
}

socket.onopen = fit
socket.onmessage = (message) => {
  const [kind, text] = JSON.parse(message.data)
  if (kind === 'stdout') screen.write(text)
}
socket.onclose = () => {
  document.getElementById('ended').hidden = false
  place.style.height = '90%'
}
screen.on('data', (text) => send('stdin', text))
addEventListener('resize', fit)
