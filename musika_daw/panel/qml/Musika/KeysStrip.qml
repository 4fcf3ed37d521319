// A piano for the computer's keys and the mouse: what is played becomes the stem's pattern.
import QtQuick
import QtQuick.Layouts

Surface {
    id: strip
    readonly property string letters: "AWSEDFTGYHUJKOL"
    readonly property var black: [1, 3, 6, 8, 10, 13]
    readonly property real wide: Math.min(44, (width - 420) / 9)
    implicitHeight: 96
    visible: keyboard.on
    color: Theme.raised
    function white_before(step) {
        let n = 0;
        for (let i = 0; i < step; i++)
            n += black.includes(i) ? 0 : 1;
        return n;
    }
    RowLayout {
        anchors.fill: parent
        anchors.margins: Theme.gap
        spacing: Theme.padding
        ColumnLayout {
            Layout.fillWidth: false
            spacing: 4
            Caption { text: qsTr("keys play") }
            Row {
                spacing: 4
                Repeater {
                    model: controls.stems
                    Button {
                        required property string modelData
                        compact: true
                        text: modelData
                        focusPolicy: Qt.NoFocus
                        tint: keyboard.stem === modelData ? Theme.of(modelData) : Theme.line
                        ink: keyboard.stem === modelData ? Theme.ground : Theme.text
                        onClicked: keyboard.begin(Window.window, modelData)
                    }
                }
            }
            Row {
                spacing: 4
                Button { compact: true; focusPolicy: Qt.NoFocus; text: "−"; tip: qsTr("an octave lower"); keys: qsTr("page down"); tint: Theme.line; onClicked: keyboard.shift(-1) }
                Caption { text: qsTr("octave %1").arg(Math.floor(keyboard.low / 12) - 1); height: 24; verticalAlignment: Text.AlignVCenter }
                Button { compact: true; focusPolicy: Qt.NoFocus; text: "+"; tip: qsTr("an octave higher"); keys: qsTr("page up"); tint: Theme.line; onClicked: keyboard.shift(1) }
            }
        }
        Item {
            Layout.preferredWidth: 9 * strip.wide
            Layout.fillWidth: false
            Layout.fillHeight: true
            Repeater {
                model: 15
                PianoKey { required property int index; step: index; black: strip.black.includes(index) }
            }
        }
        Caption {
            text: qsTr("What you play is heard from the next bar on and repeats as the pattern of the stem. A click on “given notes” in its lane gives it its own again.")
            wrapMode: Text.Wrap
            maximumLineCount: 5
            Layout.fillWidth: true
        }
        IconButton { compact: true; path: Icons.close; filled: false; tint: "transparent"; tip: qsTr("the keys work the window again"); keys: qsTr("escape"); onClicked: keyboard.end(); Layout.alignment: Qt.AlignTop }
    }
    component PianoKey: Rectangle {
        id: key
        property int step
        property bool black
        readonly property bool down: area.pressed || keyboard.down.includes(keyboard.low + step)
        z: black ? 1 : 0
        x: strip.white_before(step) * strip.wide - (black ? strip.wide * 0.3 : 0)
        width: black ? strip.wide * 0.6 : strip.wide - 2
        height: parent.height * (black ? 0.58 : 1)
        radius: 3
        color: down ? Theme.of(keyboard.stem) : black ? Theme.ground : Theme.text
        border.color: Theme.line
        Text { anchors { bottom: parent.bottom; horizontalCenter: parent.horizontalCenter; bottomMargin: 3 } text: strip.letters[key.step]; color: key.black ? Theme.dim : Theme.ground; font.pixelSize: 11 }
        MouseArea {
            id: area
            anchors.fill: parent
            onPressed: keyboard.strike(keyboard.low + key.step)
            onReleased: keyboard.let_go(keyboard.low + key.step)
        }
    }
}
